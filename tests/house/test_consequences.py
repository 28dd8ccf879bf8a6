"""Whatever happens on a tee sheet has its place in the list of what follows, and is called by that list alone."""

import ast
import inspect
import pkgutil
from importlib import import_module
from pathlib import Path

import cli
import demo
import domain.tee_sheet
import jobs
import resolvers
from domain.journeys.bookings import FOLLOWS, NOTHING_FOLLOWS


def modules(package):
    return [import_module(found.name) for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]


def is_action(function):
    """Tell whether a function lets something happen: it takes a session, and by name what is wanted, and now."""
    if not inspect.iscoroutinefunction(function) or function.__name__.startswith("_"):
        return False
    given = inspect.signature(function).parameters
    by_place = [name for name, one in given.items() if one.kind is not inspect.Parameter.KEYWORD_ONLY]
    return by_place == ["session"] and "now" in given


def actions():
    for module in modules(domain.tee_sheet):
        for function in vars(module).values():
            if is_action(function) and function.__module__ == module.__name__:
                yield function


def test_every_action_of_the_tee_sheet_says_what_follows():
    found = {*actions()}
    assert found == FOLLOWS.keys() | NOTHING_FOLLOWS.keys()
    assert not FOLLOWS.keys() & NOTHING_FOLLOWS.keys()
    assert all(reason.endswith(".") for reason in NOTHING_FOLLOWS.values())


def used(module):
    """Give all that a module's code names, by itself or by the module that it is in."""
    names = vars(module)
    for node in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Name):
            yield names.get(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield getattr(names.get(node.value.id), node.attr, None)


def test_actions_on_bookings_are_called_by_the_list_alone():
    outside = [module for package in (resolvers, jobs, cli, demo) for module in modules(package)]
    bare = {
        f"{module.__name__} calls {one.__name__}"
        for module in outside
        for one in used(module)
        if inspect.isfunction(one) and one in FOLLOWS
    }
    assert bare == set(), "call it by domain.journeys.bookings"
