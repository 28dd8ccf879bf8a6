"""Ids, and how they are spoken of."""

import re

import pytest

from kit.errors import InvalidInput
from kit.ids import new_id, parse_id, public_id, with_article
from resolvers.root import sdl

SOUNDS_LIKE_YOU = re.compile(r"uni|use|usu|one|once|eu")


@pytest.mark.parametrize(
    ("kind", "said"), [("tee_time", "a tee time"), ("occasion", "an occasion"), ("user", "a user")]
)
def test_a_kind_is_said_with_the_article_that_it_takes(kind, said):
    assert with_article(kind) == said


def test_an_id_of_another_kind_is_refused_in_a_sentence():
    with pytest.raises(InvalidInput, match=r"^This is the id of an occasion; give the id of an activity"):
        parse_id("activity", public_id("occasion", new_id()))
    with pytest.raises(InvalidInput, match=r"^An id of an occasion looks like occasion_"):
        parse_id("occasion", "17")


def test_no_sentence_of_the_schema_has_a_wrong_article():
    wrong = re.findall(r"\b[Aa] ([aeiou][a-z]+)", sdl())
    assert [word for word in wrong if not SOUNDS_LIKE_YOU.match(word)] == []
