"""What is taken as a picture, in what sizes it is shown, and why it may be refused."""

from enum import IntEnum
from typing import ClassVar

from kit.enums import DescribedEnum
from kit.errors import Problem

MAX_BYTES = 10 * 1024 * 1024
"""The largest file that is taken."""
MAX_PIXELS = 64 * 1024 * 1024
"""The most pixels that are decoded: those of 9,248 by 6,936 pass, which telephones call 64 megapixels."""


class PictureSize(IntEnum):
    """The sizes that are kept of a picture: the most pixels that its longer side has."""

    LARGE = 2_048
    SMALL = 400


class PictureRefusal(DescribedEnum):
    """Why a picture is not taken."""

    TOO_LARGE = "TOO_LARGE", "The file has more than 10 MB; send a smaller one."
    TOO_MANY_PIXELS = "TOO_MANY_PIXELS", "It has more than 64 megapixels; send a smaller one."
    UNKNOWN_TYPE = "UNKNOWN_TYPE", "It is no JPEG, PNG, WebP, HEIC or AVIF, whatever its name says; send one of these."
    UNREADABLE = "UNREADABLE", "The file is cut off or damaged; send it again, or another one."
    NOT_UPLOADED = "NOT_UPLOADED", "Nothing was uploaded for it yet; send it to its address first."
    ALREADY_UPLOADED = "ALREADY_UPLOADED", "Something else was uploaded for it before; ask for another address."
    ALREADY_USED = "ALREADY_USED", "It is shown already, or was; upload it once more."


class PictureRefused(Problem):
    """The picture is not taken; send another one, as the reason says."""

    code: ClassVar[str] = "PICTURE_REFUSED"

    reason: PictureRefusal
    """Why it is not taken."""

    @classmethod
    def because(cls, reason: PictureRefusal, *, path: tuple[str, ...] = ()) -> "PictureRefused":
        """Refuse, with the reason's own sentence."""
        return cls(reason=reason, message=f"The picture is not taken: {_small(reason.description)}", path=path)


def _small(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
