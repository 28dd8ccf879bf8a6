"""How large a tee sheet may be."""

LARGEST_GROUP = 4


MOST_TEE_TIMES_A_DAY = 300
