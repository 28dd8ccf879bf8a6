"""What notifications say, made when they are read or sent: texts are not kept, so a language can be chosen late."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from domain.notifications.words import INDUSTRIES, MANY, SPOKEN, TEXTS
from events.notifications import NotificationText
from models.clubs.values import Language
from models.notifications import NotificationKind

LOCALES = {Language.EN: "en_GB", Language.ES: "es_ES"}
DATES = {Language.EN: "EEEE d MMMM", Language.ES: "EEEE d 'de' MMMM"}
DAYS = {Language.EN: ("today", "tomorrow"), Language.ES: ("hoy", "mañana")}


def text_of(
    kind: NotificationKind,
    data: Mapping[str, Any],
    language: Language = Language.EN,
    *,
    now: datetime | None = None,
) -> tuple[str, str]:
    """Write the title and the body of a notification, as it is told at `now`.

    Raises KeyError when its data lacks what its kind says.
    """
    title, body = MANY[language][kind] if data.get("count", 1) > 1 else TEXTS[language][kind]
    values = spoken(data, language, now=now)
    return title.format_map(values), body.format_map(values)


def texts_of(
    kind: NotificationKind, data: Mapping[str, Any], *, now: datetime | None = None
) -> tuple[NotificationText, ...]:
    """Write a notification in each language, as it is told at `now`: English first. Raises KeyError as `text_of`."""
    written = {language: text_of(kind, data, language, now=now) for language in Language}
    return tuple(NotificationText(language=one, title=title, body=body) for one, (title, body) in written.items())


def spoken(data: Mapping[str, Any], language: Language, *, now: datetime | None) -> dict[str, Any]:
    """Give a notification's data as people say them: days and times by their calendar, numbers with what they count."""
    values, spanish, locale = dict(data), language is Language.ES, LOCALES[language]
    if "date" in data:
        day = date.fromisoformat(data["date"])
        values["date"] = format_date(day, DATES[language], locale)
        values["day"] = format_date(day, "EEE", locale)
        values["when"] = _when(day, data.get("time_zone"), language, now=now) or values["date"]
    if "time" in data:
        values["time"] = format_time(time.fromisoformat(data["time"]), "short", locale=locale)
    if "places" in data:
        values["places"] = _places(data["places"], spanish=spanish)
    reason = str(data.get("reason") or "").rstrip(" .")
    if spanish:
        reason = ", ".join(SPOKEN.get(part, part) for part in reason.split(", "))
        values |= {
            name: SPOKEN.get(values[name], values[name])
            for name in ("status", "previous_status", "answer", "golfer")
            if name in values
        }
    values["because"] = f": {reason}" if reason else ""
    if "golfer" in data:
        values["of"] = f" {'de' if spanish else 'from'} {data['employer']}" if data.get("employer") else ""
    if "industry" in data:
        values["industry"] = INDUSTRIES[data["industry"]][spanish]
    return values


def _places(count: int, *, spanish: bool) -> str:
    one, many = ("plaza", "plazas") if spanish else ("place", "places")
    return f"{count} {one if count == 1 else many}"


def _when(day: date, zone: str | None, language: Language, *, now: datetime | None) -> str:
    """Say today or tomorrow, by the clock of where it is; nothing for other days."""
    if now is None or zone is None:
        return ""
    ahead = (day - now.astimezone(ZoneInfo(zone)).date()).days
    return DAYS[language][ahead] if ahead in {0, 1} else ""
