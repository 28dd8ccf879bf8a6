"""The errors that the program shows to people: refusals, missing things, forbidden things, wrong settings."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar, dataclass_transform, get_type_hints

from kit.fault_codes import Fault


@dataclass_transform(kw_only_default=True, eq_default=False)
@dataclass(kw_only=True, eq=False, repr=False)
class FairwayError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "INTERNAL"
    _detail_names: ClassVar[tuple[str, ...]] = ()

    message: str = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Make every subclass a keyword-only dataclass whose docstring is its default message."""
        super().__init_subclass__(**kwargs)
        own = cls.__dict__.get("__doc__")
        dataclass(kw_only=True, eq=False, repr=False)(cls)
        if own is None:  # the dataclass decorator writes a signature there, which is no sentence
            cls.__doc__ = cls.__mro__[1].__doc__
        cls._detail_names = tuple(f.name for f in fields(cls) if f.name != "message")

    def __post_init__(self) -> None:
        """Fall back to the sentence that the class owns."""
        if not self.message:
            self.message = " ".join((type(self).__doc__ or "").split())
        self.args = (self.message,)

    def __str__(self) -> str:
        return self.message

    @classmethod
    def hints(cls) -> dict[str, Any]:
        """Give the types of the facts beside the sentence, by name."""
        hints = get_type_hints(cls)
        return {name: hints[name] for name in cls._detail_names}

    def details(self) -> Iterator[tuple[str, Any]]:
        """Give the facts beside the sentence, by name."""
        return ((name, getattr(self, name)) for name in self._detail_names)


class Problem(FairwayError):
    """The request is understood and refused by a rule; the client can act on it."""

    code: ClassVar[str] = "REFUSED"

    path: tuple[str, ...] = ()
    """Where in the input the cause lies, from the outside in."""


class InvalidInput(Problem):
    """A value in the input is not usable; mend the one that the path names."""

    code: ClassVar[str] = "INVALID_INPUT"

    fault: Fault | None = None
    """What is wrong with it, by a code; none where the sentence alone says it."""
    fault_values: tuple[str, ...] = ()
    """What the code's sentence names; `Fault` says what that is."""


class Unavailable(FairwayError):
    """What is needed for this cannot be reached at the moment; try again shortly."""

    code: ClassVar[str] = "UNAVAILABLE"

    retry_after: float = 1.0
    """Seconds after which it is worth trying again."""


class TooManyTries(Problem):
    """There was more of this in a short time than is allowed; wait a while, and try again."""

    code: ClassVar[str] = "TOO_MANY_TRIES"

    retry_at: datetime
    """The moment from which on one more is allowed."""

    def after(self, now: datetime) -> float:
        """Tell in how many seconds from now that is."""
        return (self.retry_at - now).total_seconds()


class NotFound(FairwayError):
    """There is no such thing, or you may not know of it."""

    code: ClassVar[str] = "NOT_FOUND"


class NotAllowed(FairwayError):
    """You may not do this."""

    code: ClassVar[str] = "NOT_ALLOWED"


class Unauthenticated(FairwayError):
    """Sign in first: send a token as "Authorization: Bearer …"."""

    code: ClassVar[str] = "UNAUTHENTICATED"


class TokenRefused(Unauthenticated):
    """The token is not valid here."""

    code: ClassVar[str] = "TOKEN_REFUSED"


class TokenExpired(TokenRefused):
    """The token has expired; get a new one and connect again."""

    code: ClassVar[str] = "TOKEN_EXPIRED"


class TokenRevoked(TokenRefused):
    """The token was revoked; sign in again."""

    code: ClassVar[str] = "TOKEN_REVOKED"


class SetupError(FairwayError):
    """The program cannot run as it is set up; the sentence says what to change."""

    code: ClassVar[str] = "SETUP"
