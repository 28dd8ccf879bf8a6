"""What came of an experiment, in figures that a person can check."""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Verdict:
    """What a client missed, heard twice, and heard in the wrong order."""

    lost: int
    doubled: int
    reordered: int

    @classmethod
    def of(cls, heard: Sequence[str], *, expected: Sequence[str]) -> "Verdict":
        """Compare what was heard with what happened, in its order. Raises KeyError for what never happened."""
        times, place = Counter(heard), {name: n for n, name in enumerate(expected)}
        places = [place[name] for name in heard]
        return cls(
            lost=sum(name not in times for name in expected),
            doubled=sum(count - 1 for count in times.values()),
            reordered=sum(later < earlier for earlier, later in pairwise(places)),
        )

    def __add__(self, other: "Verdict") -> "Verdict":
        return Verdict(self.lost + other.lost, self.doubled + other.doubled, self.reordered + other.reordered)


def total(verdicts: Sequence[Verdict]) -> Verdict:
    """Add up what all clients missed."""
    return sum(verdicts, Verdict(0, 0, 0))


def tell(title: str, verdict: Verdict, *, promised: Mapping[str, bool], **figures: object) -> None:
    """Print what came out; end with 1 if anything was lost, doubled or reordered, or if a promise was not kept."""
    broken = [promise for promise, kept in promised.items() if not kept]
    lines = [title, *(f"  {name.replace('_', ' ')}: {value}" for name, value in figures.items())]
    lines.append(f"  lost {verdict.lost}, doubled {verdict.doubled}, reordered {verdict.reordered}")
    lines += [f"  NOT KEPT: {promise}" for promise in broken]
    passed = verdict == Verdict(0, 0, 0) and not broken
    lines.append("PASSED" if passed else "FAILED")
    sys.stdout.write("\n".join(lines) + "\n")
    if not passed:
        sys.exit(1)
