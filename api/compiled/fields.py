"""How a field's value is found where that is more than to read an attribute; lists, and what is never null."""

from collections.abc import Callable
from typing import Any

from graphql import get_argument_values

from api.compiled.leaves import Leaf, NotCompiled
from api.compiled.run import Complete, Place, Run
from schema.parts import Parts


def resolved(place: Place, complete: Complete) -> Callable[[Run, Any, dict[str, Any]], None]:
    """Give what asks a field's resolver, and puts the completed value where it belongs, at once or when it is there."""
    key, call = place.key, _call_of(place)

    def later(run: Run, source: Any, into: dict[str, Any]) -> None:
        run.waiting.append((call(run, source), into, key, complete))

    def now(run: Run, source: Any, into: dict[str, Any]) -> None:
        into[key] = complete(run, call(run, source))

    return later if place.declared.is_async else now


def _call_of(place: Place) -> Complete:
    """Give what asks a field's resolver: past the library's way where the resolver takes no arguments."""
    declared, definition, node = place.declared, place.definition, place.nodes[0]
    resolver = declared.base_resolver
    plain = resolver and not declared.extensions and not (resolver.parent_parameter or resolver.root_parameter)
    if resolver and plain and resolver.self_parameter and not definition.args:
        function: Any = resolver.wrapped_func
        if resolver.info_parameter is None:
            return lambda _run, source: function(source)
        name = resolver.info_parameter.name
        return lambda run, source: function(source, **{name: run.info(place)})

    def call(run: Run, source: Any) -> Any:
        if place not in run.arguments:
            run.arguments[place] = get_argument_values(definition, node, run.values)
        return definition.resolve(source, run.raw_info(place), **run.arguments[place])  # type: ignore[misc]

    return call


def never_null(complete: Complete) -> Complete:
    """Give what completes a value that has to be there."""

    def some(run: Run, value: Any) -> Any:
        if value is None:
            raise NotCompiled
        return complete(run, value)

    return some


def list_of(complete: Complete, leaf: Leaf | None) -> Complete:
    """Give what completes a list, of leaves or of anything else."""

    def several(run: Run, values: Any) -> list[Any]:
        if not isinstance(values, list | tuple):
            raise NotCompiled
        return [leaf(value) for value in values] if leaf else [complete(run, value) for value in values]

    return several


def list_in_parts(complete: Complete, parts: Parts, place: tuple[str, ...]) -> Complete:
    """Give what completes a list whose elements are kept from one answer to the next, where they are."""

    def several(run: Run, values: Any) -> list[Any]:
        if not isinstance(values, list | tuple):
            raise NotCompiled
        if (kept := run.context.parts) is None:
            return [complete(run, value) for value in values]
        return kept.completed(place, parts, values, lambda value: complete(run, value))

    return several
