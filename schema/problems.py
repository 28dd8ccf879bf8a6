"""Refusals as clients see them: one object type for each, with what the client needs to act on it."""

from collections.abc import Collection, Iterator
from copy import copy
from typing import Any

import strawberry
from strawberry.annotation import StrawberryAnnotation

import domain.problems as _all_problems  # noqa: F401 - every refusal has to be known here
from kit import errors
from kit.text import camel
from schema.derive import make_enum, make_type
from schema.describe import interface, sentence


def _kinds(kind: type[errors.Problem] = errors.Problem) -> Iterator[type[errors.Problem]]:
    for child in sorted(kind.__subclasses__(), key=lambda c: c.__name__):
        yield child
        yield from _kinds(child)


KINDS = tuple(_kinds())
ProblemCode = make_enum("ProblemCode", {kind.code: kind.code for kind in KINDS})
strawberry.enum(ProblemCode, description="What kind of refusal it is; each has an object type of its own.")
for _value in ProblemCode.__strawberry_definition__.values:
    _value.description = next(sentence(kind) for kind in KINDS if kind.code == _value.name)


@interface
class Problem:
    """A refusal: the request was understood, a rule forbids it, and nothing has changed."""

    code: ProblemCode  # type: ignore[valid-type]  # it is made at run time
    """What kind of refusal it is."""
    message: str
    """A sentence for people."""
    path: list[str]
    """Where in the arguments the cause lies, from the outside in; empty when it lies elsewhere."""


COMMON = frozenset({"message", "path"})
TYPES = {
    kind: make_type(kind, {n: h for n, h in kind.hints().items() if n not in COMMON}, bases=(Problem,))
    for kind in KINDS
}


def narrow_problems(payload: Any, mutation: str, kinds: Collection[type[errors.Problem]]) -> None:
    """Let the `problems` of a payload be of what its mutation can refuse: an interface of its own, that these have.

    What selects `code` there goes on to do so, and what generates types from the schema sees these kinds alone.
    """
    named = sorted(kinds, key=lambda kind: kind.__name__)
    told = ", ".join(f"`{kind.__name__}`" for kind in named)
    name = f"{mutation[0].upper()}{mutation[1:]}Problem"
    body = {"__module__": __name__, "resolve_type": staticmethod(_name_of)}
    narrow: Any = strawberry.interface(
        type(name, (Problem,), body), description=f"What `{mutation}` can be refused for: {told}."
    )
    for kind in named:
        TYPES[kind].__strawberry_definition__.interfaces.append(narrow.__strawberry_definition__)  # type: ignore[attr-defined]
    fields = payload.__strawberry_definition__.fields
    place = next(n for n, field in enumerate(fields) if field.python_name == "problems")
    fields[place] = copy(fields[place])
    fields[place].type_annotation = StrawberryAnnotation(list[narrow])


def _name_of(shown: Any, *_: Any) -> str:
    return type(shown).__name__


def show_problem(problem: errors.Problem) -> Problem:
    """Give the object that shows a refusal."""
    details = {name: value for name, value in problem.details() if name not in COMMON}
    shown: Problem = TYPES[type(problem)](
        code=ProblemCode[problem.code], message=problem.message, path=[camel(part) for part in problem.path], **details
    )
    return shown
