"""What is kept from one evaluation of a course to the next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from models.course.values import CourseStatus, StatusCause


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What the next evaluation has to know of those before. `Memory()` knows nothing."""

    floors: Mapping[StatusCause, int] = field(default_factory=dict)
    """The floors that hold, each with how many evaluations running have been clear of it."""
    rain_runs: int = 0
    """How many evaluations running had rain of at least twice the warning threshold; counted up to 2."""
    struck_at: datetime | None = None
    """When lightning last struck."""
    thunder_at: datetime | None = None
    """When a thunderstorm was last observed."""
    counted_at: datetime | None = None
    """When the last observation that has been counted was made. It is not counted twice."""
    beneath: CourseStatus | None = None
    """While lightning closes the course: what its status would be without. None at other times."""
    reasons: tuple[StatusCause, ...] = ()
    """What made the weather's last status other than open, apart from lightning."""

    def as_json(self) -> dict[str, Any]:
        """Give what a JSON column keeps."""
        return {
            "floors": {cause.value: clear for cause, clear in self.floors.items()},
            "rain_runs": self.rain_runs,
            "struck_at": _text(self.struck_at),
            "thunder_at": _text(self.thunder_at),
            "counted_at": _text(self.counted_at),
            "beneath": self.beneath.value if self.beneath else None,
            "reasons": [cause.value for cause in self.reasons],
        }

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what a JSON column keeps. What is not there is not known: an empty object is a fresh memory."""
        beneath = kept.get("beneath")
        return cls(
            floors={StatusCause(cause): clear for cause, clear in kept.get("floors", {}).items()},
            rain_runs=kept.get("rain_runs", 0),
            struck_at=_moment(kept.get("struck_at")),
            thunder_at=_moment(kept.get("thunder_at")),
            counted_at=_moment(kept.get("counted_at")),
            beneath=CourseStatus(beneath) if beneath else None,
            reasons=tuple(StatusCause(cause) for cause in kept.get("reasons", ())),
        )


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
