"""A club that all tests of a module share, as the tee sheet's tests have it."""

from tests.tee_sheet.conftest import shared_world, standing

__all__ = ["shared_world", "standing"]
