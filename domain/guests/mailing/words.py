"""What letters to households say: the subject first, then paragraphs. What stands in braces is the occasion's own."""

from collections.abc import Mapping
from types import MappingProxyType

from models.clubs.values import Language
from models.guests.values import LetterKind

Lines = tuple[str, ...]
CODE = {Language.EN: "Your code is {code}.", Language.ES: "Tu código es {code}."}
BUTTON = {Language.EN: "Open the invitation", Language.ES: "Abrir la invitación"}
DECLINE = {
    Language.EN: "If you cannot come any more, please say so by {until}, so that others can.",
    Language.ES: "Si al final no podéis venir, decídnoslo antes del {until}, para que otros puedan.",
}
"""What is said to who has moved up from the queue, while it can be done."""
_EN, _ES = CODE[Language.EN], CODE[Language.ES]
ENGLISH: Mapping[LetterKind, Lines] = MappingProxyType(
    {
        LetterKind.INVITATION: (
            "You are invited: {occasion}",
            "Dear {household},",
            "You are invited to {occasion}. It begins on {starts}.",
            "{place}",
            "Please answer by {deadline}.",
            _EN,
        ),
        LetterKind.RSVP_REMINDER: (
            "Will you come? {occasion}",
            "Dear {household},",
            "We have no answer of yours for {occasion} yet. Please answer by {deadline}.",
            _EN,
        ),
        LetterKind.RSVP_ACCEPTED: (
            "There is a place for you: {occasion}",
            "Dear {household},",
            "Places have come free, and you have one now: we look forward to seeing you on {starts}.",
            "{place}",
            "{decline}",
            _EN,
        ),
        LetterKind.SEATING_REVEALED: (
            "Your table: {occasion}",
            "Dear {household},",
            "The tables of {occasion} can be seen now, and yours among them.",
            _EN,
        ),
    }
)
SPANISH: Mapping[LetterKind, Lines] = MappingProxyType(
    {
        LetterKind.INVITATION: (
            "Tienes una invitación: {occasion}",
            "Hola, {household}:",
            "Os invitamos a {occasion}. Empieza el {starts}.",
            "{place}",
            "Por favor, responded antes del {deadline}.",
            _ES,
        ),
        LetterKind.RSVP_REMINDER: (
            "¿Vendréis? {occasion}",
            "Hola, {household}:",
            "Aún no tenemos vuestra respuesta para {occasion}. Por favor, responded antes del {deadline}.",
            _ES,
        ),
        LetterKind.RSVP_ACCEPTED: (
            "Ya hay sitio: {occasion}",
            "Hola, {household}:",
            "Han quedado plazas libres y ya tenéis una: os esperamos el {starts}.",
            "{place}",
            "{decline}",
            _ES,
        ),
        LetterKind.SEATING_REVEALED: (
            "Vuestra mesa: {occasion}",
            "Hola, {household}:",
            "Ya se pueden ver las mesas de {occasion}, y la vuestra entre ellas.",
            _ES,
        ),
    }
)
WORDS: Mapping[Language, Mapping[LetterKind, Lines]] = MappingProxyType({Language.EN: ENGLISH, Language.ES: SPANISH})
