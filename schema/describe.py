"""Descriptions for the schema, from where the code says them: docstrings of classes, attributes and functions.

A string that stands below an attribute is its docstring. Python drops it, so it is read from the source, once a module.
"""

import ast
import dataclasses
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, dataclass_transform

import strawberry
from graphql import GraphQLField, GraphQLSchema, is_composite_type
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

from kit.enums import DescribedEnum
from schema.parts import PARTS, Parts

T = TypeVar("T", bound=type)
K = TypeVar("K", bound=type[DescribedEnum])
ENTRIES = "entries"
VIEWER_DEPENDENT = "viewer_dependent"
PER_VIEWER = "The answer depends on who asks, so a subscription that selects it is executed for each viewer."
"""What the description of each viewer-dependent field ends with."""


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


def listed(*, entries: int, **default: Any) -> Any:
    """Declare an attribute that is a list of objects, with about how many of them it has where there are many."""
    return strawberry.field(metadata={ENTRIES: entries}, **default)


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field, listed))
def output(cls: T) -> T:
    """Declare an object type of the schema."""
    return _described(cls, strawberry.type)


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field, listed))
def interface(cls: T) -> T:
    """Declare an interface of the schema."""
    return _described(cls, strawberry.interface)


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field,))
def input_type(cls: T) -> T:
    """Declare an input type of the schema."""
    return _described(cls, strawberry.input)


def enum(kind: K) -> K:
    """Declare an enum of the schema, with the descriptions that its members have; once, whoever asks for it first."""
    declared: Any = kind if hasattr(kind, "__strawberry_definition__") else strawberry.enum(kind)
    definition = declared.__strawberry_definition__
    definition.description = sentence(kind)
    for value in definition.values:
        value.description = kind[value.name].description
    return kind


def field(resolver: Callable[..., Any]) -> Any:
    """Declare a field that a function resolves; its docstring describes it."""
    return strawberry.field(resolver=resolver, description=sentence(resolver))


def list_field(*, entries: int, parts: Parts | None = None) -> Callable[[Callable[..., Any]], Any]:
    """Declare a field that a function resolves to a list of objects, with about how many where there are many.

    A document may ask for so many entries in all (`api/limits.py`). With `parts`, its elements are kept from one answer
    to the next, and its resolver asks `info.context.only` which of them are to be read.
    """
    metadata = {ENTRIES: entries} | ({PARTS: parts} if parts else {})
    return lambda resolver: strawberry.field(resolver=resolver, description=sentence(resolver), metadata=metadata)


def viewer_field(resolver: Callable[..., Any], **metadata: Any) -> Any:
    """Declare a field whose answer depends on who asks. Below events, no other field can learn that.

    A subscription that selects one is executed for each viewer instead of once for all who are answered alike.
    """
    description = f"{sentence(resolver)} {PER_VIEWER}"
    return strawberry.field(resolver=resolver, description=description, metadata={VIEWER_DEPENDENT: True} | metadata)


def is_viewer_field(field: GraphQLField) -> bool:
    """Tell whether a field of a schema was declared by `viewer_field`."""
    return VIEWER_DEPENDENT in metadata_of(field)


def declared_entries(field: GraphQLField) -> int | None:
    """Tell how many entries a list of a schema was declared to have, if it was."""
    return metadata_of(field).get(ENTRIES)


def metadata_of(field: GraphQLField) -> Mapping[Any, Any]:
    """Give what a field of a schema was declared with."""
    declared = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    return declared.metadata if isinstance(declared, StrawberryField) else {}


@cache
def viewer_fields(schema: GraphQLSchema) -> frozenset[str]:
    """Name the fields of a schema whose answers depend on who asks, on whatever type."""
    found = (getattr(kind, "fields", {}).items() for kind in schema.type_map.values() if is_composite_type(kind))
    return frozenset(name for fields in found for name, field in fields if is_viewer_field(field))


def argument(description: str) -> Any:
    """Describe an argument, inside `Annotated`."""
    return strawberry.argument(description=description)
