"""Libraries that check tokens and run operations: those known to be unsafe are refused."""

from importlib.metadata import version

import pytest
from packaging.version import Version


@pytest.mark.parametrize(("library", "oldest"), [("pyjwt", "2.15"), ("strawberry-graphql", "0.341")])
def test_the_library_is_not_older_than_is_safe(library, oldest):
    assert Version(version(library)) >= Version(oldest)
