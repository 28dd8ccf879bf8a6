"""The schema: all rooms under one roof."""

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types

from resolvers.clubs.mutations import ClubMutations
from resolvers.clubs.queries import ClubQueries
from resolvers.tee_sheet.mutations import TeeSheetMutations
from resolvers.tee_sheet.queries import TeeSheetQueries
from resolvers.tee_sheet.subscriptions import TeeSheetSubscriptions
from schema import events, problems

Query = merge_types("Query", (ClubQueries, TeeSheetQueries))
Mutation = merge_types("Mutation", (ClubMutations, TeeSheetMutations))
Subscription = merge_types("Subscription", (TeeSheetSubscriptions,))

schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=[*problems.TYPES.values(), *events.TYPES.values()],
    config=StrawberryConfig(auto_camel_case=True),
)
core = schema._schema  # noqa: SLF001 - the plain schema of graphql-core, which runs without Strawberry's own engine


def sdl() -> str:
    """Write the schema in the schema definition language, sorted, as `schema.graphql` holds it."""
    from graphql import lexicographic_sort_schema, print_schema  # noqa: PLC0415 - the command line alone needs them

    return print_schema(lexicographic_sort_schema(core)) + "\n"
