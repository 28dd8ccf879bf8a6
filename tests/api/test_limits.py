"""Limits of documents: what is just allowed, and what is just too much."""

import pytest
from graphql import get_introspection_query, parse

from api.app import create_app
from api.documents import CHARACTERS, REFUSALS
from api.limits import MAX_ENTRIES, LimitExceeded, check_document, parse_within
from kit.cache import BoundedCache
from resolvers.root import core
from schema.sizes import sizes_of
from tests.api.preparing import LIMITS, engine, refusal
from tests.harness import HeldClock, serving, settings_for


def listed(count, pattern):
    return " ".join(pattern.format(n=n) for n in range(count))


def deep(levels):
    return "{a" * levels + "}" * levels


def doubling(count, leaf="x"):
    """Fragments of which each spreads the next one twice: 2^count times the leaf."""
    links = [f"fragment f{n} on A {{ ...f{n + 1} ...f{n + 1} }}" for n in range(count)]
    return f"{{ ...f0 }} {' '.join(links)} fragment f{count} on A {{ {leaf} }}"


SHAPES = {
    "10 operations": lambda n: listed(10 + n, "query q{n} {{ a }}"),
    "50 fragments": lambda n: "{ a }" + listed(50 + n, "fragment f{n} on A {{ a }}"),
    "50 directives": lambda n: "{ a " + "@d " * (50 + n) + "}",
    "50 variables": lambda n: "query(" + listed(50 + n, "$v{n}: Int") + ") { a }",
    "20 fields at the root": lambda n: (
        f"{{ {listed(10, 'a{n}')} ...f }} fragment f on A {{ {listed(10 + n, 'b{n}')} }}"
    ),
    "15 levels of fields": lambda n: deep(15 + n),
    "20 levels of introspection": lambda n: "{ __schema " + deep(19 + n) + "}",
    "2000 fields": lambda n: (
        "{ ...g ...h } "
        f"fragment g on A {{ {listed(19, 'a{n} {{ ...f }}')} }} fragment f on A {{ {listed(99, 'b{n}')} }} "
        f"fragment h on A {{ z {{ {listed(99 + n, 'd{n}')} }} }}"
    ),
    "50 aliases": lambda n: (
        "{ ...g ...h } "
        f"fragment g on A {{ {listed(5, 'a{n} {{ ...f }}')} }} fragment f on A {{ {listed(10, 'b{n}: b')} }} "
        f"fragment h on A {{ z {{ {listed(n, 'd{n}: d')} e }} }}"
    ),
    "2000 entries of lists": lambda n: (
        f"{{ a(first: 10) {{ b(first: {n}) {{ c }} d(first: 9) {{ e }} }} f(first: $v) {{ g }} ...h ...h }} "
        f"fragment h on A {{ i: i(first: 50) {{ j }} k {{ l(first: $v) {{ m }} }} o(first: 750) {{ p }} }}"
    ),
    "100 fields that are merged": lambda n: "{ a {" + "b " * 60 + "... {" + "b " * (40 + n) + "} } }",
    "200 levels of brackets": lambda n: "{ a(b: " + "[" * (199 + n) + "]" * (199 + n) + ") }",
    "100 digits": lambda n: "{ a(b: " + "1" * (100 + n) + ") }",
    "1000 comments": lambda n: "#\n" * (1000 + n) + "{ a }",
    "5000 line breaks": lambda n: "\n" * 2500 + "{" + "\r" * (2500 + n) + "a }",
    "50000 characters": lambda n: "{ a }" + " " * (50_000 - 5 + n),
    "2000 tokens": lambda n: "{ a(b: [" + "1 " * (2000 - 9 + n) + "]) }",
}


SHEET = 'teeSheet(courseId: "c", date: "2026-05-04") { teeTimes { slots { id } } figures { players } }'
SHEET_ENTRIES = 70 + 70 * 4
"""What a sheet's tee times and their places are declared to come to."""


@pytest.mark.parametrize("limit", SHAPES)
def test_each_limit_allows_its_number_and_refuses_one_more(limit):
    parse_within(SHAPES[limit](0), LIMITS, {})
    with pytest.raises(LimitExceeded, match=rf"^This document has more than {limit}\b.*\. .+\.$"):
        parse_within(SHAPES[limit](1), LIMITS, {})


async def test_a_refusal_reaches_the_client_as_any_other(site, settings):
    document = "{ viewer {" + listed(51, "a{n}: userId") + "} }"
    accept = {"Accept": "application/graphql-response+json"}
    response = await site.http.post(f"{site.url}/graphql", json={"query": document}, headers=accept)
    assert response.status_code == 400
    assert response.json()["errors"][0] == {
        "message": "This document has more than 50 aliases once its fragments are spread. "
        "Ask for less, or split it into several requests.",
        "extensions": {"code": "GRAPHQL_LIMIT_EXCEEDED"},
    }


async def test_limits_are_settings(settings):
    documents = {
        "graphql_max_aliases": "{ a: __typename b: __typename }",
        "graphql_max_depth": "{ viewer { clubs { name } } }",
        "graphql_max_fields": "{ viewer { userId } __typename }",
        "graphql_max_tokens": "{" + "__typename " * 99 + "}" + " query B {" + "__typename " * 99 + "}",
    }
    least = {"graphql_max_aliases": 1, "graphql_max_depth": 2, "graphql_max_fields": 2, "graphql_max_tokens": 200}
    clock = HeldClock()
    async with serving(create_app(settings_for(settings, **least), with_jobs=False, clock=clock), clock) as strict:
        for name, document in documents.items():
            answer = await strict.run(document)
            assert (answer.code, f"more than {least[name]} " in answer.message) == ("GRAPHQL_LIMIT_EXCEEDED", True)


@pytest.mark.parametrize(
    "pattern",
    [
        "s{n}: " + SHEET.replace("{", "{{").replace("}", "}}"),
        's{n}: node(id: "x") {{ ... on TeeSheet {{ ...f }} }}',
        's{n}: node(id: "x") {{ ... {{ ... on TeeSheet {{ teeTimes {{ ... {{ slots {{ id }} }} }} }} }} }}',
        "s{n}: clubs {{ courses {{ id }} }} t{n}: " + SHEET.replace("{", "{{").replace("}", "}}"),
    ],
)
def test_lists_without_pages_count_what_they_are_declared_to_have(pattern):
    fragment = "fragment f on TeeSheet { teeTimes { slots { id } } }" if "...f" in pattern else ""
    most = MAX_ENTRIES // SHEET_ENTRIES
    parse_within("{" + listed(most, pattern) + "}" + fragment, LIMITS, sizes_of(core))
    for too_many in (most + 1, 10, 20):
        with pytest.raises(LimitExceeded, match="2000 entries"):
            parse_within("{" + listed(too_many, pattern) + "}" + fragment, LIMITS, sizes_of(core))


def test_a_list_with_pages_counts_a_page_where_nobody_says_how_much():
    page = "a{n}: bookings(clubId: $c) {{ nodes {{ players {{ position }} teeTime {{ slots {{ id }} }} }} }}"
    parse_within("query($c: ID!) {" + listed(11, page) + "}", LIMITS, sizes_of(core))
    with pytest.raises(LimitExceeded, match="2000 entries"):
        parse_within("query($c: ID!) {" + listed(12, page) + "}", LIMITS, sizes_of(core))


async def test_twenty_sheets_in_one_document_are_refused(site):
    answer = await site.run("{" + listed(20, "s{n}: " + SHEET.replace("{", "{{").replace("}", "}}")) + "}")
    assert answer.code == "GRAPHQL_LIMIT_EXCEEDED"
    assert "fewer lists" in answer.message


@pytest.mark.parametrize("leaf", ["x", "x: y", "x { y }"])
@pytest.mark.parametrize("start", ["{ ...f0 }", "{ a }"])
def test_fragments_that_double_are_counted_and_not_spread(leaf, start):
    """Forty of them would be 2^40 fields; spread or not, they are refused."""
    with pytest.raises(LimitExceeded, match="more than"):
        parse_within(doubling(40, leaf).replace("{ ...f0 }", start, 1), LIMITS, {})


@pytest.mark.parametrize("order", [list, reversed])
def test_fragments_may_stand_in_any_order(order):
    fragments = list(order([f"fragment f{n} on A {{ a{n} {{ ...f{n + 1} }} }}" for n in range(14)]))
    parse_within("{ ...f0 } " + " ".join(fragments) + "fragment f14 on A { a }", LIMITS, {})
    with pytest.raises(LimitExceeded, match="15 levels of fields"):
        parse_within("{ a { ...f0 } } fragment f14 on A { a } " + " ".join(fragments), LIMITS, {})


def test_fragments_that_double_nothing_are_nothing():
    check_document(parse(doubling(40, leaf="")), LIMITS, {})


def test_fields_merged_on_several_levels_are_multiplied():
    def squared(count):
        return "{" + ("a {" + "b " * count + "}") * count + "}"

    parse_within(squared(10), LIMITS, {})
    with pytest.raises(LimitExceeded, match="merged into one"):
        parse_within(squared(11), LIMITS, {})


def test_a_subscription_may_name_each_kind_of_event():
    common = "id cursor type timestamp clubId courseId date bookingId slotId"
    parse_within("subscription { all {" + listed(60, f"... on E{{n}} {{{{ {common} own{{n}} }}}}") + "} }", LIMITS, {})


@pytest.mark.parametrize(
    "circle",
    [
        "{ ...a } fragment a on Query { ...a }",
        "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a ...c } fragment c on Query { ...c ...b }",
        "{ viewer { ...a } } fragment a on Viewer { clubs { ...b } } fragment b on Club { courses { club { ...b } } }",
        "{ viewer { ...a } } " + listed(50, "fragment f{n} on Viewer {{ userId ...f0 ...f1 ...f49 }}"),
    ],
)
def test_circles_end_and_are_left_to_validation(circle):
    assert refusal(circle)[0] == "GRAPHQL_VALIDATION_FAILED"


@pytest.mark.parametrize("document", ["{ ...unknown }", "fragment a on Query { a } fragment a on Query { b } { ...a }"])
def test_what_is_wrong_otherwise_is_left_to_validation(document):
    assert refusal(document)[0] == "GRAPHQL_VALIDATION_FAILED"


def test_tools_may_read_the_schema():
    everything = get_introspection_query(
        descriptions=True,
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
    )
    assert refusal(everything) is None
    inline = "kind name " + "ofType { kind name " * 9 + "}" * 9
    assert refusal(f"{{ __schema {{ types {{ fields {{ args {{ type {{ {inline} }} }} }} }} }} }}") is None


def test_a_tool_s_fragments_may_be_as_deep_as_introspection():
    parse_within("{ __schema { ...f } } fragment f on A " + deep(18), LIMITS, {})
    with pytest.raises(LimitExceeded, match="levels of fields"):
        parse_within("{ a { ...f } } fragment f on A " + deep(18), LIMITS, {})


def test_a_deep_document_is_refused_in_words():
    code, message = refusal("{a" * 1000)
    assert (code, "200 levels of brackets" in message) == ("GRAPHQL_LIMIT_EXCEEDED", True)


def test_a_number_of_many_digits_is_no_fault():
    document = 'mutation { holdSlots(input: { teeTimeId: "a", places: %s }) { cursor } }'
    assert refusal(document % ("1" * 99))[0] == "GRAPHQL_VALIDATION_FAILED"
    assert refusal(document % ("1" * 5000))[0] == "GRAPHQL_LIMIT_EXCEEDED"


def test_words_of_the_client_are_not_taken_for_a_limit():
    assert refusal("{ a } Document contains more than 2000 tokens")[0] == "GRAPHQL_PARSE_FAILED"
    assert refusal('"Document is nested too deeply" "again"')[0] == "GRAPHQL_PARSE_FAILED"


def test_a_document_that_was_refused_is_refused_alike_and_not_checked_again():
    prepares = engine()
    documents = ["{ nothing }", "{ a", "{" + listed(21, "a{n}") + "}"]
    first = [refusal(document, by=prepares) for document in documents]
    assert [code for code, _ in first] == [
        "GRAPHQL_VALIDATION_FAILED",
        "GRAPHQL_PARSE_FAILED",
        "GRAPHQL_LIMIT_EXCEEDED",
    ]
    assert list(prepares._documents._refusals) == documents
    assert [refusal(document, by=prepares) for document in documents] == first
    assert (len(prepares._documents._refusals), len(prepares._documents._documents)) == (3, 0)


def test_refusals_are_remembered_as_far_as_memory_allows():
    prepares = engine()
    for number in range(REFUSALS + 1):
        refusal(f"{number}", by=prepares)
    assert (len(prepares._documents._refusals), "0" in prepares._documents._refusals) == (REFUSALS, False)
    for number in range(20):
        refusal(f"{number} #" + "x" * (CHARACTERS // 12), by=prepares)
    assert sum(map(len, prepares._documents._refusals)) <= CHARACTERS


def test_what_is_used_is_remembered_longest():
    memory = BoundedCache(entries=3, characters=100)
    for text in "abc":
        memory.keep(text, text.upper(), size=20)
    assert (memory.get("a"), memory.get("x")) == ("A", None)
    memory.keep("d", "D", size=25)
    assert list(memory) == ["c", "a", "d"], "no more entries than may be"
    memory.keep("huge", "HUGE", size=26)
    assert "huge" not in memory
    memory = BoundedCache(entries=9, characters=100)
    for text in "abcde":
        memory.keep(text, text.upper(), size=24)
    assert list(memory) == list("bcde"), "no more characters than may be"
