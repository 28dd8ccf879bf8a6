"""The board says in Spanish whatever may be refused; in English the server says it."""

import re
from pathlib import Path

from resolvers.root import core

WORDS = Path(__file__).parents[2] / "web" / "src" / "board" / "refusals-es.ts"


def test_every_refusal_has_a_spanish_sentence_on_the_board():
    said = re.findall(r'^  ([A-Z_]+): "(.+)",$', WORDS.read_text(encoding="utf-8"), re.MULTILINE)
    codes = set(core.type_map["ProblemCode"].values)
    assert codes - {code for code, _ in said} == set(), f"say these in {WORDS.name}, and build the pages"
    errors = {"NOT_ALLOWED", "NOT_FOUND", "UNAUTHENTICATED", "UNAVAILABLE", "INTERNAL"}
    assert {code for code, _ in said} - codes == errors, "these are refused by nothing any more"
    assert len(said) == len(dict(said)), "a code is said once"
