"""The bench: Fairway beside its peers, on one machine with the same work. See README.md."""
