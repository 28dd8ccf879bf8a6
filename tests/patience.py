"""How long tests wait for what has to come."""

PATIENCE = 120.0
"""Seconds. A wait ends when it is rewarded, so what is enough for the slowest machine costs the others nothing."""
