"""What inputs give is what the domain takes, by name and by type.

Resolvers spread an input into a function of the domain, where no type checker looks: a renamed argument would answer
INTERNAL. So every place where that is done is found, and the two are compared.
"""

import ast
import dataclasses
import importlib
import inspect
import pkgutil
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, get_args, get_type_hints

import pytest
import strawberry
from pydantic import ConfigDict, TypeAdapter

import resolvers
from kit.ids import new_id, public_id
from resolvers.root import core
from schema.inputs import Input
from tests.house.everything import example

LEFT_OUT = {name: {"intervals"} for name in ("SetSheetTemplateInput", "SetSheetSeasonInput")}
"""What an example leaves out, as it means the same as another field."""
ANY_TYPE = ConfigDict(arbitrary_types_allowed=True, strict=True)


class Call(NamedTuple):
    """A place where a mutation spreads its input."""

    name: str
    given: type[Input]
    target: Any
    beside: frozenset[str]
    """What the function is given by name beside the input."""


def modules():
    for found in pkgutil.walk_packages(resolvers.__path__, "resolvers."):
        yield importlib.import_module(found.name)


def mutations(module: ModuleType):
    """Find the functions of a module that are declared as mutations: their class, and their code."""
    for room in ast.parse(Path(module.__file__).read_text(encoding="utf-8")).body:
        for function in room.body if isinstance(room, ast.ClassDef) else ():
            declared = [getattr(d, "func", d) for d in getattr(function, "decorator_list", ())]
            if {"mutation", "open_mutation"} & {d.id for d in declared if isinstance(d, ast.Name)}:
                yield getattr(module, room.name), function


def is_spread(keyword: ast.keyword) -> bool:
    return keyword.arg is None and ast.unparse(keyword.value) == "input.as_kwargs()"


def calls():
    for module in modules():
        for room, function in mutations(module):
            declared = next(f for f in room.__strawberry_definition__.fields if f.python_name == function.name)
            given = get_type_hints(inspect.unwrap(declared.base_resolver.wrapped_func))["input"]
            spreads = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
            spreads = [node for node in spreads if any(map(is_spread, node.keywords))]
            assert ast.unparse(function).count("as_kwargs") == len(spreads) == 1, f"{function.name}: spread the input"
            beside = frozenset(keyword.arg for keyword in spreads[0].keywords if keyword.arg)
            yield Call(function.name, given, eval(ast.unparse(spreads[0].func), vars(module)), beside)


CALLS = list(calls())


def filled(kind: type) -> Any:
    """Give an input with every field set."""
    values, hints = {}, get_type_hints(kind, include_extras=True)
    for field in dataclasses.fields(kind):
        if field.name not in LEFT_OUT.get(kind.__name__, ()):
            values[field.name] = value_for(field.name, hints[field.name], getattr(kind, "kinds", {}))
    return kind(**values)


def value_for(name: str, hint: Any, kinds: Any) -> Any:
    parts = [part for part in get_args(hint) if part not in {type(None), type(strawberry.UNSET)}]
    if getattr(hint, "__origin__", None) is list:
        return [value_for(name.removesuffix("s"), parts[0], kinds)]
    if parts:
        return value_for(name, parts[0], kinds)
    if hint is strawberry.ID:
        return public_id(kinds.get(name, name.removesuffix("_id")), new_id())
    return (
        filled(hint)
        if hasattr(hint, "__strawberry_definition__") and dataclasses.is_dataclass(hint)
        else example(hint, name)
    )


def parameters(target: Any) -> dict[str, tuple[Any, bool]]:
    """Give what a function can be given by name: the type, and whether it must be given."""
    hints, found = get_type_hints(target), {}
    for name, parameter in inspect.signature(target).parameters.items():
        if parameter.kind is parameter.VAR_KEYWORD:
            [more] = get_args(hints[name])
            found |= {key: (hint, False) for key, hint in get_type_hints(more).items()}
        elif parameter.kind is parameter.KEYWORD_ONLY:
            found[name] = (hints[name], parameter.default is parameter.empty)
    return found


def test_every_mutation_is_looked_at():
    assert len(CALLS) == len(core.mutation_type.fields)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_an_input_gives_what_the_function_takes(call):
    taken, given = parameters(call.target), filled(call.given).as_kwargs()
    assert given.keys() <= taken.keys() - call.beside
    assert {name for name, (_, needed) in taken.items() if needed} <= given.keys() | call.beside
    for name, value in given.items():
        TypeAdapter(tuple[taken[name][0]], config=ANY_TYPE).validate_python((value,))
