"""Recompute the draw of a ballot from what Fairway publishes of it, with nothing but Python.

Ask for it by the query in README.md, before and after the draw, and give the answer to this program:

    python recompute.py --hash <seedHash as you noted it before the draw> < answer.json
"""

import argparse
import hashlib
import hmac
import json
import sys
from typing import Any


def recompute(draw: dict[str, Any]) -> dict[str, int | None]:
    """Give the number of the choice that each entry gets, by its id; none for who gets none."""
    seed = draw["seed"].encode()

    def turn(entry: dict[str, Any]) -> tuple[int, str]:
        return entry["gotBefore"], hmac.new(seed, entry["ballotEntryId"].encode(), hashlib.sha256).hexdigest()

    left = {start["teeTimeId"]: start["places"] for start in draw["starts"]}
    found: dict[str, int | None] = {}
    for entry in sorted(draw["results"], key=turn):
        forbidden = {one["choice"] for one in entry["refused"]}
        found[entry["ballotEntryId"]] = None
        for number, tee_time in enumerate(entry["teeTimeIds"], 1):
            if entry["places"] and number not in forbidden and left.get(tee_time, 0) >= entry["places"]:
                found[entry["ballotEntryId"]] = number
                left[tee_time] -= entry["places"]
                break
    return found


def main() -> int:
    """Compare; gives 0 where all is as it should be."""
    options = argparse.ArgumentParser(description="Recompute the draw of a ballot.")
    options.add_argument("--hash", required=True, help="the seedHash, as it was told before the draw")
    noted = options.parse_args().hash
    draw = json.load(sys.stdin)["data"]["ballot"]["draw"]
    if hashlib.sha256(draw["seed"].encode()).hexdigest() != noted:
        print("The seed is not the one whose hash was told before the draw.")
        return 1
    found = recompute(draw)
    told = {entry["ballotEntryId"]: entry["choice"] for entry in draw["results"]}
    wrong = [key for key in told if told[key] != found[key]]
    for key in wrong:
        print(f"{key}: choice {found[key]} is due, and {told[key]} was given.")
    if not wrong:
        print(f"All {len(told)} entries got what they were due.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
