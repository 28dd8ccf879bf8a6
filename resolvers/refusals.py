"""What a mutation can refuse, read from where the domain says it: the `Raises` of a function's docstring.

A test follows the calls of each mutation, and holds these docstrings to what is raised
(`tests/house/test_refusals.py`).
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache, reduce
from inspect import getdoc, unwrap
from pathlib import Path
from typing import Any

from domain.idempotency import IdempotencyKeyReused
from kit.errors import InvalidInput, Problem, TooManyTries
from schema.problems import KINDS

BY_NAME = {kind.__name__: kind for kind in KINDS}


def refusals_of(resolver: Callable[..., Any], *, counted: bool, repeatable: bool) -> frozenset[type[Problem]]:
    """Give what a mutation can refuse: what the function that it hands its input to says, and what every edge does.

    `counted` says whether there can be too many of it, `repeatable` whether it takes an idempotency key.
    """
    found = {kind for function in _handed_to(resolver) for kind in said_by(function)}
    found |= {InvalidInput}  # an id of another kind, or a text with something unseen in it
    found |= {TooManyTries} if counted else set()
    return frozenset(found | {IdempotencyKeyReused} if repeatable else found)


def said_by(function: Callable[..., Any]) -> Iterator[type[Problem]]:
    """Give the refusals that a function's docstring names behind `Raises`, and those of functions named there."""
    _, _, said = (getdoc(function) or "").partition("Raises")
    for name in re.findall(r"\b[A-Z]\w+", said):
        if name in BY_NAME:
            yield BY_NAME[name]
    for dotted in re.findall(r"`([\w.]+)`", said):
        known = _named(dotted, unwrap(function).__globals__)
        if known is not None and known is not function:
            yield from said_by(known)


def _handed_to(resolver: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    for dotted in _calls_in(resolver.__module__).get(resolver.__qualname__, ()):
        function = _named(dotted, resolver.__globals__)
        if function is None:
            raise TypeError(f"{resolver.__qualname__}: {dotted} is no function of an imported module")
        yield function


def _named(dotted: str, names: Mapping[str, Any]) -> Any:
    first, *rest = dotted.split(".")
    return reduce(lambda found, name: getattr(found, name, None), rest, names.get(first))


@cache
def _calls_in(module: str) -> Mapping[str, tuple[str, ...]]:
    """Tell, for each method of a module's classes, what it calls with the fields of its input."""
    tree = ast.parse(Path(str(sys.modules[module].__file__)).read_text(encoding="utf-8"))
    rooms = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    methods = [(room, node) for room in rooms for node in room.body if isinstance(node, ast.AsyncFunctionDef)]
    return {f"{room.name}.{method.name}": tuple(_spreads(method)) for room, method in methods}


def _spreads(method: ast.AST) -> Iterator[str]:
    for node in ast.walk(method):
        if isinstance(node, ast.Call):
            spread = [ast.unparse(keyword.value) for keyword in node.keywords if keyword.arg is None]
            if "input.as_kwargs()" in spread:
                yield ast.unparse(node.func)
