"""Documents that are made to be costly: refused, or answered like any other."""

import pytest
from graphql import Lexer, Source, TokenKind

from api.documents import CHARACTERS, DOCUMENTS
from auth.viewer import Role
from kit.ids import new_id
from kit.parsing import MAX_LEVELS
from realtime.operations import Request
from tests.harness import Who

MAX_TOKENS = 2_000
SOMEBODY = Who(new_id(), (Role.ADMIN,))


def tokens(document):
    """Count tokens as the parser does."""
    lexer, count = Lexer(Source(document)), 0
    while lexer.advance().kind is not TokenKind.EOF:
        count += 1
    return count


def wide(count):
    """Give a document of five tokens and one for each field."""
    return "{ viewer {" + " ".join(f"wrong{n}" for n in range(count)) + "}}"


def chained(count):
    """Fragments of which each spreads the next one twice: spread out, they would be 2^count fields."""
    links = [f"fragment f{n} on Viewer {{ ...f{n + 1} ...f{n + 1} }}" for n in range(count)]
    return f"{{ viewer {{ ...f0 }} }} {' '.join(links)} fragment f{count} on Viewer {{ userId }}"


def nested(count):
    """Fragments that lead into each other through the fields of a club."""
    links = [f"fragment f{n} on Club {{ name courses {{ name }} ...f{n + 1} ...f{n + 1} }}" for n in range(count)]
    return f"{{ clubs {{ ...f0 }} }} {' '.join(links)} fragment f{count} on Club {{ name }}"


async def test_a_document_has_a_largest_size(site):
    largest, larger = wide(1_995), wide(1_996)
    assert (tokens(largest), tokens(larger)) == (MAX_TOKENS, MAX_TOKENS + 1)
    assert (await site.run(largest)).code == "GRAPHQL_VALIDATION_FAILED"
    answer = await site.run(larger)
    assert (answer.code, len(answer["errors"])) == ("GRAPHQL_LIMIT_EXCEEDED", 1)
    assert "more than 2000 tokens" in answer.message


@pytest.mark.parametrize("inside", ["a", "viewer", "__schema", "... on Query", "... @include(if: true)"])
async def test_a_deep_document_is_no_fault(site, inside):
    depth = (MAX_TOKENS - 10) // (tokens(inside) + 2)
    answer = await site.run("{" + f"{inside} {{" * depth + "__typename" + "}" * depth + "}", who=SOMEBODY)
    assert answer.code == "GRAPHQL_LIMIT_EXCEEDED"


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a:", "}")])
async def test_a_deep_value_is_refused_not_a_fault(site, opening, closing):
    answer = await site.run(f"{{ club(id: {opening * 600}1{closing * 600}) {{ id }} }}", who=SOMEBODY)
    assert answer.code == "GRAPHQL_LIMIT_EXCEEDED"


async def test_a_deep_variable_is_refused_not_a_fault(site):
    value = 1
    for _ in range(MAX_LEVELS - 3):  # the others are those around it
        value = [value]
    query = "mutation($i: SetSheetTemplateInput!) { setSheetTemplate(input: $i) { cursor } }"
    answer = await site.run(query, who=SOMEBODY, i={"groupSizes": value})
    assert answer.code == "INVALID_INPUT"


async def test_many_aliases_are_answered_once_each(site):
    document = "{" + " ".join(f"a{n}: viewer {{ b: userId }}" for n in range(20)) + "}"
    data = (await site.run(document, who=SOMEBODY)).data
    assert len(data) == 20
    assert {answer["b"] for answer in data.values()} == {"somebody"}


async def test_the_errors_of_a_document_are_cut_short(site):
    answer = await site.run(wide(1_000))
    assert len(answer["errors"]) == 21


async def test_fragments_within_fragments_are_spread(site):
    assert (await site.run(chained(5), who=SOMEBODY)).data == {"viewer": {"userId": "somebody"}}
    assert (await site.run(nested(5), who=SOMEBODY)).data == {"clubs": []}


@pytest.mark.parametrize("document", [chained(49), nested(49), chained(100), nested(70)])
async def test_fragments_that_would_double_too_often_are_refused(site, document):
    assert (await site.run(document, who=SOMEBODY)).code == "GRAPHQL_LIMIT_EXCEEDED"


@pytest.mark.parametrize(
    "document",
    [
        "{ viewer { ...a } } fragment a on Viewer { ...b } fragment b on Viewer { ...a }",
        "{ viewer { ...a } } fragment a on Viewer { clubs { ...b } } fragment b on Club { courses { ...b } }",
    ],
)
async def test_fragments_in_a_circle_are_refused(site, document):
    answer = await site.run(document, who=SOMEBODY)
    assert answer.code == "GRAPHQL_VALIDATION_FAILED"


async def test_documents_are_remembered_as_far_as_memory_allows(site):
    known = site.process.engine._documents._documents
    await site.run("{ nothingOfThatName }")
    assert "{ nothingOfThatName }" not in known
    first = "{ first: __typename }"
    for number in range(13):
        assert (await site.run(first)).data
        assert (await site.run(f"{{ a{number}: __typename }} # {'x' * (CHARACTERS // 12)}")).data
        assert sum(map(len, known)) <= CHARACTERS
    assert first in known, "what is asked often is kept"
    for number in range(DOCUMENTS + 1):
        site.process.engine.prepare(Request(f"{{ a{number}: __typename }}"))
    assert len(known) == DOCUMENTS
    assert "{ a0: __typename }" not in known
