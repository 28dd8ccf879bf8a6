"""Documents that nobody thought of: counted as a simple model counts them, and never more than refused."""

import pytest
from graphql import FieldNode, FragmentSpreadNode, parse
from hypothesis import assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from api.limits import LimitExceeded, Limits, check_document
from tests.api.preparing import engine, refusal
from tests.thorough import times

OURS = ["viewer", "userId", "clubs", "club", "courses", "name", "id", "nothing"]
INTROSPECTION = ["__typename", "__schema", "__type", "types", "fields", "type", "ofType"]
NAMES = st.sampled_from([*OURS, *INTROSPECTION])
LAST = 4


def spreads(first):
    """Fragments from a number on: none can lead back where each spreads later ones alone."""
    return st.integers(first, LAST).map("...f{}".format) if first <= LAST else st.just("name")


def selections(first):
    """Text of what stands in a selection set."""
    leaf = NAMES | st.builds("a{}: {}".format, st.integers(0, 3), NAMES) | spreads(first)
    return st.recursive(
        st.lists(leaf, min_size=1, max_size=4).map(" ".join),
        lambda inner: st.builds("{} {{ {} }} {}".format, NAMES | st.just("...") | st.just("... on Club"), inner, inner),
        max_leaves=6,
    )


@st.composite
def documents(draw, *, circles):
    """An operation and five fragments."""
    fragments = [f"fragment f{n} on Club {{ {draw(selections(0 if circles else n + 1))} }}" for n in range(LAST + 1)]
    return f"{{ {draw(selections(0))} }} " + " ".join(draw(st.permutations(fragments)))


def counted(selection_set, fragments):
    """Count fields, aliases, depth and introspection's depth by spreading all fragments, as a model to compare with."""
    fields = aliases = depth = introspection = 0
    for node in selection_set.selections:
        inside = fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node.selection_set
        more = counted(inside, fragments) if inside else (0, 0, 0, 0)
        fields, aliases, introspection = fields + more[0], aliases + more[1], max(introspection, more[3])
        if not isinstance(node, FieldNode):
            depth = max(depth, more[2])
            continue
        fields, aliases = fields + 1, aliases + bool(node.alias)
        if node.name.value in {"__schema", "__type"}:
            introspection = max(introspection, more[2] + 1)
        else:
            depth = max(depth, more[2] + 1)
    return fields, aliases, depth, introspection


@hypothesis_settings(max_examples=times(60, usually=25))
@given(documents(circles=False))
def test_counting_by_arithmetic_equals_spreading_all_fragments(text):
    document = parse(text)
    fragments = {node.name.value: node.selection_set for node in document.definitions[1:]}
    largest = [counted(node.selection_set, fragments) for node in document.definitions]
    assume(max(count[0] for count in largest) <= 80)
    fields, aliases, _, introspection = map(max, zip(*largest, strict=True))
    depth = largest[0][2]
    assume(introspection <= 20)
    exact = {"tokens": 2_000, "fields": fields, "aliases": aliases, "depth": depth}
    check_document(document, Limits(**exact), {})
    for name in ("fields", "aliases", "depth"):
        if exact[name] > 0:
            with pytest.raises(LimitExceeded, match=f"more than {exact[name] - 1} "):
                check_document(document, Limits(**exact | {name: exact[name] - 1}), {})


PIECES = st.sampled_from(
    [*'{}()[]:$@!=|&,"#-', '"""', "...", "\n", "\\u", "\x00", "\ud800", "query", "subscription", "on"]
)
VALUES = st.recursive(
    st.sampled_from(
        ["1", "-1.5e99999", "9" * 99, "null", "true", '"text"', '"""block"""', "SLOT_BOOKED", "$v", '"\\u00e9"']
    ),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda v: f"[{' '.join(v)}]")
        | st.lists(inner, max_size=3).map(lambda v: "{" + " ".join(f"k{n}: {x}" for n, x in enumerate(v)) + "}")
    ),
    max_leaves=5,
)
OPERATIONS = st.builds(
    "{} Q($v: {} = {} @skip(if: {})) {{ {}({}: {}) @include(if: {}) {{ {} }} }}".format,
    st.sampled_from(["query", "mutation", "subscription"]),
    st.sampled_from(["ID!", "[Int!]", "Date", "HoldSlotsInput", "Nothing"]),
    *[VALUES, VALUES],
    st.sampled_from(["club", "holdSlots", "bookSlots", "clubEvents", "teeSheetEvents", "node"]),
    st.sampled_from(["id", "input", "clubId", "types", "after", "date"]),
    *[VALUES, VALUES],
    selections(0),
)
PREPARES = engine()


@hypothesis_settings(max_examples=times(200, usually=70))
@given(documents(circles=True) | OPERATIONS | st.lists(PIECES | NAMES | VALUES, max_size=60).map(" ".join) | st.text())
def test_a_document_may_run_or_is_refused_and_nothing_else(text):
    allowed = {"GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "GRAPHQL_LIMIT_EXCEEDED"}
    allowed |= set() if text else {"PERSISTED_QUERY_NOT_FOUND"}  # a document without text is one that is named
    outcome = refusal(text, by=PREPARES)
    assert outcome is None or outcome[0] in allowed
