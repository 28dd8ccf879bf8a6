"""One server for all tests of a module that need one, as the tee sheet's tests have it."""

from tests.tee_sheet.conftest import clock, server, shared_server, shared_world, standing

__all__ = ["clock", "server", "shared_server", "shared_world", "standing"]
