"""The board says in Spanish whatever may be refused; in English the server says it."""

import re
from pathlib import Path

from events.base import Event, catalogue
from resolvers.root import core

BOARD = Path(__file__).parents[2] / "web" / "src" / "board"
WORDS = BOARD / "refusals-es.ts"


def test_every_refusal_has_a_spanish_sentence_on_the_board():
    said = re.findall(r'^  ([A-Z_]+): "(.+)",$', WORDS.read_text(encoding="utf-8"), re.MULTILINE)
    codes = set(core.type_map["ProblemCode"].values)
    assert codes - {code for code, _ in said} == set(), f"say these in {WORDS.name}, and build the pages"
    errors = {"NOT_ALLOWED", "NOT_FOUND", "UNAUTHENTICATED", "UNAVAILABLE", "INTERNAL"}
    assert {code for code, _ in said} - codes == errors, "these are refused by nothing any more"
    assert len(said) == len(dict(said)), "a code is said once"


def test_the_board_has_a_word_for_whatever_stands_in_a_history():
    kept = {name for name, kind in catalogue.items() if kind.kept_for is not Event.kept_for}
    text = (BOARD / "sheet" / "words.ts").read_text(encoding="utf-8")
    said = [
        set(re.findall(r'"([a-z-]+\.[a-z-]+)":', part))
        for part in re.findall(r"events: \{(.+?)\n  \}", text, re.DOTALL)
    ]
    assert said == [kept | {"history.began"}] * 2, "say these in sheet/words.ts, in both languages, and build the pages"
