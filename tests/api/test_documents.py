"""Documents that are made to be costly: refused, or answered like any other."""

import pytest
from graphql import Lexer, Source, TokenKind

from api.engine import CHARACTERS, DOCUMENTS, MAX_TOKENS
from auth.viewer import Role
from kit.ids import new_id
from realtime.operations import Request
from tests.harness import Who

SOMEBODY = Who(new_id(), (Role.ADMIN,))


def tokens(document):
    """Count tokens as the parser does."""
    lexer, count = Lexer(Source(document)), 0
    while lexer.advance().kind is not TokenKind.EOF:
        count += 1
    return count


def aliases(count):
    """Give a document of two tokens and three for each alias."""
    return "{" + " ".join(f"a{n}: __typename" for n in range(count)) + "}"


def chained(count):
    """Fragments of which each spreads the next one twice: spread out, they would be 2^count fields."""
    links = [f"fragment f{n} on Viewer {{ ...f{n + 1} ...f{n + 1} }}" for n in range(count)]
    return f"{{ viewer {{ ...f0 }} }} {' '.join(links)} fragment f{count} on Viewer {{ userId }}"


def nested(count):
    """Fragments that lead into each other through the fields of a club."""
    links = [f"fragment f{n} on Club {{ name courses {{ name }} ...f{n + 1} ...f{n + 1} }}" for n in range(count)]
    return f"{{ clubs {{ ...f0 }} }} {' '.join(links)} fragment f{count} on Club {{ name }}"


async def test_a_document_has_a_largest_size(site):
    largest = aliases(666)
    larger = largest.replace("{", "{ __typename ")
    assert (tokens(largest), tokens(larger)) == (MAX_TOKENS, MAX_TOKENS + 1) == (2_000, 2_001)
    assert len((await site.run(largest)).data) == 666
    answer = await site.run(larger)
    assert (answer.code, len(answer["errors"])) == ("GRAPHQL_PARSE_FAILED", 1)
    assert "more than 2000 tokens" in answer.message


@pytest.mark.parametrize("inside", ["a", "viewer", "__schema", "... on Query", "... @include(if: true)"])
async def test_a_deep_document_is_no_fault(site, inside):
    depth = (MAX_TOKENS - 10) // (tokens(inside) + 2)
    answer = await site.run("{" + f"{inside} {{" * depth + "__typename" + "}" * depth + "}", who=SOMEBODY)
    if answer.get("data") != {"__typename": "Query"}:
        assert answer.code in {"GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"}


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a:", "}")])
async def test_a_deep_value_is_refused_not_a_fault(site, opening, closing):
    answer = await site.run(f"{{ club(id: {opening * 600}1{closing * 600}) {{ id }} }}", who=SOMEBODY)
    assert answer.code in {"GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"}


async def test_a_deep_variable_is_refused_not_a_fault(site):
    value = 1
    for _ in range(900):
        value = [value]
    query = "mutation($i: SetSheetTemplateInput!) { setSheetTemplate(input: $i) { cursor } }"
    answer = await site.run(query, who=SOMEBODY, i={"groupSizes": value})
    assert answer.code == "INVALID_INPUT"


async def test_many_aliases_are_answered_once_each(site):
    document = "{" + " ".join(f"a{n}: viewer {{ userId }}" for n in range(300)) + "}"
    data = (await site.run(document, who=SOMEBODY)).data
    assert len(data) == 300
    assert {answer["userId"] for answer in data.values()} == {"somebody"}


async def test_the_errors_of_a_document_are_cut_short(site):
    document = "{" + " ".join(f"wrong{n}" for n in range(1_000)) + "}"
    answer = await site.run(document)
    assert len(answer["errors"]) <= 21


async def test_fragments_within_fragments_are_spread_once(site):
    document = chained(100)
    assert 1_000 <= tokens(document) < MAX_TOKENS
    assert (await site.run(document, who=SOMEBODY)).data == {"viewer": {"userId": "somebody"}}


async def test_fragments_within_fragments_with_fields_are_spread_once(site):
    document = nested(70)
    assert 1_000 <= tokens(document) < MAX_TOKENS
    assert (await site.run(document, who=SOMEBODY)).data == {"clubs": []}


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
    known = site.app.state.engine._documents
    await site.run("{ nothingOfThatName }")
    assert "{ nothingOfThatName }" not in known
    first = "{ first: __typename }"
    for number in range(11):
        assert (await site.run(first)).data
        assert (await site.run(f"{{ a{number}: __typename }} # {'x' * (CHARACTERS // 10)}")).data
        assert sum(map(len, known)) <= CHARACTERS
    assert first in known, "what is asked often is kept"
    assert (await site.run(f"{{ __typename }} # {'x' * CHARACTERS}")).data
    assert len(known) == 0
    for number in range(DOCUMENTS + 1):
        site.app.state.engine.prepare(Request(f"{{ a{number}: __typename }}"))
    assert len(known) == DOCUMENTS
    assert "{ a0: __typename }" not in known
