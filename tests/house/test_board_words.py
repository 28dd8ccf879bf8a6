"""The board says in Spanish whatever may be refused; in English the server says it."""

import re
from pathlib import Path

from domain.guests.files.words import AGES, DIETS, LANGUAGES, NEEDS
from events.base import Event, catalogue
from kit.fault_codes import Fault
from models.clubs.values import Language
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
    at_a_loss = [code for code, text in said if ". " not in text and code != "UNAUTHENTICATED"]
    assert at_a_loss == [], "say first what is, and then what can be done"


def test_every_fault_of_a_file_has_a_spanish_sentence_on_the_board():
    text = (BOARD / "occasion" / "faults-es.ts").read_text(encoding="utf-8")
    choices, faults = text.split("const COLUMNS")
    said = re.findall(r"^  ([A-Z_]+): \(", faults, re.MULTILINE)
    assert sorted(said) == sorted(Fault), "say these in occasion/faults-es.ts, and build the pages"
    words = {value.name: both[Language.ES] for of in (AGES, DIETS, NEEDS, LANGUAGES) for value, both in of.items()}
    assert dict(re.findall(r'^  ([A-Z_]+): "(.+)",$', choices, re.MULTILINE)) == words


def test_the_board_has_a_word_for_whatever_stands_in_a_history():
    kept = {name for name, kind in catalogue.items() if kind.kept_for is not Event.kept_for}
    text = "".join((BOARD / "sheet" / name).read_text(encoding="utf-8") for name in ("words.ts", "words-es.ts"))
    said = [
        set(re.findall(r'"([a-z-]+\.[a-z-]+)":', part))
        for part in re.findall(r"events: \{(.+?)\n  \}", text, re.DOTALL)
    ]
    assert said == [kept | {"history.began"}] * 2, "say these in sheet/words.ts and words-es.ts, and build the pages"
