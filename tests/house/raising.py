"""Which refusals can be raised below a function: its code is read, and followed down through all that it may call.

A name counts as called wherever it is used, also in a list or handed on. A method of an object counts by its name,
among the classes that the caller's module can know. So more may be found than happens, but hardly less.
"""

import ast
import functools
import inspect
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, NamedTuple

from kit.errors import Problem

OURS = {"auth", "domain", "events", "kit", "resolvers"}


class Use(NamedTuple):
    """Something that a function uses, and the errors that are caught around that."""

    what: Any
    caught: frozenset[type]


def raised_below(function: FunctionType) -> dict[type[Problem], tuple[str, ...]]:
    """Give the refusals that can come out of a function, each with a way on which it does."""
    found: dict[type[Problem], tuple[str, ...]] = {}
    seen: set[tuple[FunctionType, frozenset[type]]] = set()
    open_: list[tuple[FunctionType, frozenset[type], tuple[str, ...]]] = [(function, frozenset(), ())]
    while open_:
        now, caught, way = open_.pop()
        if (now, caught) in seen:
            continue
        seen.add((now, caught))
        for use in uses_of(now):
            held = caught | use.caught
            if isinstance(use.what, FunctionType):
                open_.append((use.what, held, (*way, now.__qualname__)))
            elif not issubclass(use.what, tuple(held)) and use.what is not Problem:
                found.setdefault(use.what, (*way, now.__qualname__))
    return found


@cache
def uses_of(function: FunctionType) -> tuple[Use, ...]:
    """Give the functions of ours and the refusals that a function uses."""
    node = _functions_in(function.__module__).get(function.__qualname__)
    found = [] if node is None else [use for child in node.body for use in _Reader(function).read(child)]
    kept = [cell.cell_contents for cell in function.__closure__ or ()]
    kept += [function.__wrapped__] if hasattr(function, "__wrapped__") else []
    return tuple(found) + tuple(Use(one, frozenset()) for thing in kept for one in _within(thing))


class _Reader:
    """Reads the code of one function."""

    def __init__(self, function: FunctionType) -> None:
        self._module, self._names = function.__module__, function.__globals__
        self._class = function.__qualname__.split(".")[0]

    def read(self, node: ast.AST, caught: frozenset[type] = frozenset()) -> Iterator[Use]:
        if isinstance(node, ast.Try):
            yield from self._tried(node, caught)
            return
        if isinstance(node, ast.With | ast.AsyncWith):
            caught |= self._suppressed(node)
        known = self._named(node)
        if known is not None:
            yield from (Use(one, caught) for one in _within(known))
            return
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}:
            yield from (Use(one, caught) for one in self._own(node.attr))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and self._named(node.func) is None:
            yield from (Use(one, caught) for one in self._of_others(node.func.attr))
        for name, child in ast.iter_fields(node):
            if name not in {"annotation", "returns"}:
                for one in child if isinstance(child, list) else [child]:
                    if isinstance(one, ast.AST):
                        yield from self.read(one, caught)

    def _tried(self, node: ast.Try, caught: frozenset[type]) -> Iterator[Use]:
        kinds = [
            self._named(kind)
            for handler in node.handlers
            if not any(isinstance(n, ast.Raise) and n.exc is None for n in ast.walk(handler))
            for kind in (handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type])
        ]
        inside = caught | {kind for kind in kinds if isinstance(kind, type)}
        after = [child for handler in node.handlers for child in handler.body]
        yield from (use for child in node.body for use in self.read(child, inside))
        yield from (use for child in (*after, *node.orelse, *node.finalbody) for use in self.read(child, caught))

    def _suppressed(self, node: ast.With | ast.AsyncWith) -> set[type]:
        calls = [item.context_expr for item in node.items if isinstance(item.context_expr, ast.Call)]
        kinds = [self._named(kind) for call in calls if self._named(call.func) is suppress for kind in call.args]
        return {kind for kind in kinds if isinstance(kind, type)}

    def _named(self, node: Any) -> Any:
        if isinstance(node, ast.Name):
            return self._names.get(node.id)
        if isinstance(node, ast.Attribute):
            base = self._named(node.value)
            return getattr(base, node.attr, None) if isinstance(base, ModuleType | type) else None
        return None

    def _own(self, name: str) -> Iterator[FunctionType]:
        for method in _methods().get(name, ()):
            if method.__module__ == self._module and method.__qualname__.startswith(f"{self._class}."):
                yield method

    def _of_others(self, name: str) -> Iterator[FunctionType]:
        for method in _methods().get(name, ()) if self._module.startswith("domain.") else ():
            if method.__module__ in _known_to(self._module):
                yield method


def _within(thing: Any) -> Iterator[Any]:
    """Give the functions and refusals that something is, or holds."""
    if isinstance(thing, dict):
        thing = tuple(thing.values())
    if isinstance(thing, tuple | list | set | frozenset):
        yield from (one for part in thing for one in _within(part))
    elif isinstance(thing, functools.partial):
        yield from _within(thing.func)
    elif inspect.ismethod(thing):
        yield from (*_within(thing.__func__), *_within(thing.__self__))
    elif isinstance(thing, type) and issubclass(thing, Problem):
        yield thing
    elif (getattr(thing, "__module__", None) or "").split(".")[0] not in OURS:
        return
    elif isinstance(thing, FunctionType):
        yield thing
    elif isinstance(thing, type):
        yield from (one for name in ("__init__", "__post_init__") for one in _within(vars(thing).get(name)))


@cache
def _functions_in(module: str) -> dict[str, Any]:
    found = {}

    def look(node: ast.AST, within: str) -> None:
        for child in ast.iter_child_nodes(node):
            name = f"{within}{child.name}" if hasattr(child, "name") else within
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                found[name] = child
                look(child, f"{name}.<locals>.")
            else:
                look(child, f"{name}." if isinstance(child, ast.ClassDef) else within)

    look(ast.parse(Path(str(sys.modules[module].__file__)).read_text(encoding="utf-8")), "")
    return found


@cache
def _methods() -> dict[str, list[FunctionType]]:
    """Give the methods of the domain's classes, by name."""
    found: dict[str, list[FunctionType]] = {}
    for module in [m for name, m in sys.modules.items() if name.startswith("domain.")]:
        for kind in vars(module).values():
            if isinstance(kind, type) and kind.__module__ == module.__name__:
                for name, method in vars(kind).items():
                    code = getattr(method, "__func__", getattr(method, "fget", None) or method)
                    if isinstance(code, FunctionType) and not name.startswith("__"):
                        found.setdefault(name, []).append(code)
    return found


@cache
def _known_to(module: str) -> frozenset[str]:
    """Name the modules of the domain that a module imports, or that these do."""
    seen, open_ = {module}, [module]
    while open_:
        values = vars(sys.modules[open_.pop()]).values()
        names = {v.__name__ if isinstance(v, ModuleType) else getattr(v, "__module__", None) or "" for v in values}
        new = {name for name in names if name.startswith("domain.")} - seen
        seen |= new
        open_ += new
    return frozenset(seen)
