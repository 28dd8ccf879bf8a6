"""The outside world: weather, push, mail, storage. Each has an interface, and a twin for tests."""
