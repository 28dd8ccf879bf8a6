"""Refusals as clients see them: one object type for each, with what the client needs to act on it."""

from collections.abc import Iterator

import strawberry

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


def show_problem(problem: errors.Problem) -> Problem:
    """Give the object that shows a refusal."""
    details = {name: value for name, value in problem.details() if name not in COMMON}
    shown: Problem = TYPES[type(problem)](
        code=ProblemCode[problem.code], message=problem.message, path=[camel(part) for part in problem.path], **details
    )
    return shown
