"""A whole day at an invented club, as live traffic through the public API of a server of its own."""
