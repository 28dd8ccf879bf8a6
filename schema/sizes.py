"""How long the lists of the schema are, about, so that what a document asks for is known before it runs."""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from graphql import GraphQLField, GraphQLSchema, get_named_type, is_interface_type, is_object_type

from schema.describe import declared_entries


class Shown(NamedTuple):
    """What a field shows: objects of a type, and about how many."""

    kind: str
    entries: int
    """0 for what is no list of objects."""


NOTHING = Shown("", 0)
"""A field that the schema does not know: validation will say so."""
Sizes = Mapping[str, Mapping[str, Shown]]
"""By type, and by field within it."""


@cache
def sizes_of(schema: GraphQLSchema) -> Sizes:
    """Tell of all fields of a schema what they show."""
    kinds = (kind for kind in schema.type_map.values() if is_object_type(kind) or is_interface_type(kind))
    return {kind.name: {name: _shown(field) for name, field in kind.fields.items()} for kind in kinds}


def _shown(field: GraphQLField) -> Shown:
    """Take what was declared; a list that has pages is as long as a page is where nobody says `first`."""
    first = field.args.get("first")
    entries = declared_entries(field) if first is None else first.default_value
    return Shown(get_named_type(field.type).name, entries or 0)
