"""Descriptions for the schema, from where the code says them: docstrings of classes, attributes and functions.

A string that stands below an attribute is its docstring. Python drops it, so it is read from the source, once a module.
"""

import ast
import dataclasses
import inspect
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, dataclass_transform

import strawberry
from strawberry.types.field import StrawberryField

from kit.enums import DescribedEnum

T = TypeVar("T", bound=type)
K = TypeVar("K", bound=type[DescribedEnum])


def sentence(obj: object) -> str:
    """Give an object's docstring in one line."""
    return " ".join((inspect.getdoc(obj) or "").split())


@cache
def _docs_of_module(module: str) -> dict[str, dict[str, str]]:
    file = getattr(sys.modules[module], "__file__", None)
    if file is None or not file.endswith(".py"):
        return {}
    tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    return {node.name: dict(_docs_in(node)) for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}


def _docs_in(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for before, after in zip(node.body, node.body[1:], strict=False):
        if isinstance(before, ast.AnnAssign) and isinstance(before.target, ast.Name) and isinstance(after, ast.Expr):
            text = after.value.value if isinstance(after.value, ast.Constant) else None
            if isinstance(text, str):
                yield before.target.id, " ".join(text.split())


def attribute_docs(cls: type) -> dict[str, str]:
    """Give the docstrings of a class's attributes, inherited ones included."""
    docs: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        if base.__module__ not in {"builtins", "typing", "abc"}:
            docs |= _docs_of_module(base.__module__).get(base.__name__, {})
    return docs


def _described(cls: T, make: Callable[..., Any], **options: Any) -> T:
    docs = attribute_docs(cls)
    for name in inspect.get_annotations(cls):
        default = cls.__dict__.get(name, dataclasses.MISSING)
        if name in docs and isinstance(default, StrawberryField):
            default.description = default.description or docs[name]
        elif name in docs:
            given = {} if default is dataclasses.MISSING else {"default": default}
            setattr(cls, name, strawberry.field(description=docs[name], **given))
    made: T = make(cls, description=sentence(cls), **options)
    return made


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field,))
def output(cls: T) -> T:
    """Declare an object type of the schema."""
    return _described(cls, strawberry.type)


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field,))
def interface(cls: T) -> T:
    """Declare an interface of the schema."""
    return _described(cls, strawberry.interface)


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field,))
def input_type(cls: T) -> T:
    """Declare an input type of the schema."""
    return _described(cls, strawberry.input)


def enum(kind: K) -> K:
    """Declare an enum of the schema, with the descriptions that its members have, wherever it is met first."""
    declared: Any = kind
    if not hasattr(kind, "__strawberry_definition__"):  # a second declaration would be a second type of the same name
        declared = strawberry.enum(kind)
    definition = declared.__strawberry_definition__
    definition.description = sentence(kind)
    for value in definition.values:
        value.description = kind[value.name].description
    return kind


def field(resolver: Callable[..., Any]) -> Any:
    """Declare a field that a function resolves; its docstring describes it."""
    return strawberry.field(resolver=resolver, description=sentence(resolver))


def argument(description: str) -> Any:
    """Describe an argument, inside `Annotated`."""
    return strawberry.argument(description=description)
