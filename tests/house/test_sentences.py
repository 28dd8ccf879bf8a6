"""Whoever is refused something is told what they can do: by a refusal's own sentence, and by each that is written."""

import ast
import re
from pathlib import Path

import pytest

from schema import problems
from schema.describe import sentence

ROOT = Path(__file__).resolve().parents[2]
WAYS = {
    *("add", "ask", "book", "bring", "check", "choose", "decline", "delay", "end", "give", "go"),
    *("hold", "join", "keep", "leave", "let", "look", "mend", "move", "name", "note", "pay"),
    *("please", "put", "report", "reserve", "resume", "return", "send", "set", "start", "take", "undo"),
    *("use", "wait", "walk"),
}
"""How a sentence begins that says what can be done."""
SAYINGS = {"activate", "answer", "begin", "change", "open", "remove", "retire", "say", "write"}
"""And how one does about what was given."""


def says_what_to_do(text):
    _, _, way = text.partition("; ")
    return re.split(r"\W", way)[0] in WAYS


@pytest.mark.parametrize("kind", problems.KINDS, ids=lambda kind: kind.__name__)
def test_a_refusal_says_what_is_and_then_what_can_be_done(kind):
    assert says_what_to_do(sentence(kind)), sentence(kind)


def written():
    """Find the sentences that are written where a refusal is raised, in place of its own."""
    names = {kind.__name__ for kind in problems.KINDS} - {"InvalidInput"}
    for path in (ROOT / "domain").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        texts = {node: ast.unparse(node.value) for node in ast.walk(tree) if isinstance(node, ast.Assign)}
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            for given in call.keywords if ast.unparse(call.func) in names else ():
                if given.arg == "message":
                    before = [text for node, text in texts.items() if node.lineno < call.lineno]
                    yield before[-1] if isinstance(given.value, ast.Name) else ast.unparse(given.value)


def test_so_does_each_sentence_that_is_written_in_place_of_its_own():
    found = list(written())
    assert len(found) > 4
    assert [text for text in found if "; " not in text] == []


def about_inputs():
    """Find the sentences that are written where an input is refused, as far as they stand there."""
    for path in (path for floor in ("domain", "kit", "resolvers", "schema") for path in (ROOT / floor).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            for given in call.keywords if ast.unparse(call.func).endswith("InvalidInput") else ():
                before = [node.value for node in named if is_given(node, given.value) and node.lineno < call.lineno]
                value = before[-1] if before else given.value
                if given.arg == "message" and isinstance(value, ast.Constant | ast.JoinedStr):
                    yield f"{path.relative_to(ROOT)}: {ast.unparse(value)[:-1].lstrip('f')[1:]}"


def is_given(node, value):
    """Tell whether an assignment is of the name that is given."""
    return isinstance(value, ast.Name) and any(ast.unparse(target) == value.id for target in node.targets)


def test_each_sentence_about_an_input_says_what_can_be_given():
    found = list(about_inputs())
    assert len(found) > 200
    clauses = {text: re.split(r"[;:,.] ", text.partition(": ")[2]) for text in found}
    assert [text for text, parts in clauses.items() if not any(begins(part) for part in parts)] == []


def begins(clause):
    """Tell whether a clause begins as one does that says what can be done."""
    return re.split(r"\W", clause.lower())[0] in WAYS | SAYINGS
