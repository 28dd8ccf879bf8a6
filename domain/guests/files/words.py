"""The words of files about guests, in the languages of occasions: headings, and what stands in the cells.

What is written in one language is read in any of them, and so is what people write by themselves.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import TypeVar

from kit.errors import InvalidInput
from kit.fault_codes import Fault
from kit.spreadsheets import plain
from models.clubs.values import Language
from models.guests.values import AgeGroup, Diet, Need, RsvpStatus

E = TypeVar("E", bound=Enum)
Words = Mapping[Language, str]


def _words(en: str, es: str) -> Words:
    return MappingProxyType({Language.EN: en, Language.ES: es})


HEADINGS: Mapping[str, Words] = MappingProxyType(
    {
        "household": _words("Household", "Familia"),
        "household_email": _words("Household e-mail", "Correo de la familia"),
        "household_phone": _words("Household phone", "Teléfono de la familia"),
        "language": _words("Language", "Idioma"),
        "first_name": _words("First name", "Nombre"),
        "last_name": _words("Last name", "Apellidos"),
        "age_group": _words("Age", "Edad"),
        "is_plus_one": _words("Plus-one", "Acompañante"),
        "group_name": _words("Group", "Grupo"),
        "is_vip": _words("VIP", "VIP"),
        "email": _words("E-mail", "Correo electrónico"),
        "phone": _words("Phone", "Teléfono"),
        "diets": _words("Diet", "Dieta"),
        "diet_note": _words("Diet note", "Nota sobre la dieta"),
        "needs": _words("Needs", "Necesidades"),
        "need_note": _words("Needs note", "Nota sobre las necesidades"),
    }
)
"""The columns that a guest is made of."""
ALSO: Mapping[str, Collection[str]] = MappingProxyType(
    {
        "household": ("household name", "family", "party", "hogar", "invitacion"),
        "first_name": ("first", "given name", "name", "nombre de pila"),
        "last_name": ("last", "surname", "family name", "apellido"),
        "age_group": ("age group", "grupo de edad"),
        "is_plus_one": ("plus one", "+1"),
        "group_name": ("side", "lado"),
        "email": ("email", "email address", "correo"),
        "phone": ("phone number", "mobile", "telefono movil", "movil"),
        "diets": ("diets", "dietas", "dietary requirements"),
    }
)
"""How else people call these columns."""
TOLD = ("rsvp", "meal", "table", "seat", "respuesta", "menu", "mesa", "asiento")
"""How the headings of columns begin that tell how things stand: they are written, and not read."""

AGES = {
    AgeGroup.ADULT: _words("adult", "adulto"),
    AgeGroup.CHILD: _words("child", "niño"),
    AgeGroup.INFANT: _words("infant", "bebé"),
}
DIETS = {
    Diet.VEGETARIAN: _words("vegetarian", "vegetariana"),
    Diet.VEGAN: _words("vegan", "vegana"),
    Diet.PESCATARIAN: _words("pescatarian", "pescetariana"),
    Diet.HALAL: _words("halal", "halal"),
    Diet.KOSHER: _words("kosher", "kosher"),
    Diet.GLUTEN_FREE: _words("gluten-free", "sin gluten"),
    Diet.LACTOSE_FREE: _words("lactose-free", "sin lactosa"),
    Diet.NUT_ALLERGY: _words("nut allergy", "alergia a los frutos secos"),
    Diet.SHELLFISH_ALLERGY: _words("shellfish allergy", "alergia al marisco"),
    Diet.OTHER: _words("other", "otra"),
}
NEEDS = {
    Need.WHEELCHAIR: _words("wheelchair", "silla de ruedas"),
    Need.HIGH_CHAIR: _words("high chair", "trona"),
    Need.OTHER: _words("other", "otra"),
}
STATUSES = {
    RsvpStatus.PENDING: _words("pending", "pendiente"),
    RsvpStatus.ACCEPTED: _words("accepted", "aceptada"),
    RsvpStatus.DECLINED: _words("declined", "rechazada"),
    RsvpStatus.WAITLISTED: _words("waitlisted", "en espera"),
}
MORE: Mapping[str, Enum] = {
    "castellano": Language.ES,
    "adulta": AgeGroup.ADULT,
    "nina": AgeGroup.CHILD,
    "baby": AgeGroup.INFANT,
    "vegetariano": Diet.VEGETARIAN,
    "vegano": Diet.VEGAN,
    "pescetariano": Diet.PESCATARIAN,
    "celiac": Diet.GLUTEN_FREE,
    "coeliac": Diet.GLUTEN_FREE,
    "celiaco": Diet.GLUTEN_FREE,
    "celiaca": Diet.GLUTEN_FREE,
    "otro": Diet.OTHER,
}
"""Other words for the same."""
LANGUAGES = {Language.EN: _words("English", "inglés"), Language.ES: _words("Spanish", "español")}
YES, NO = {"yes", "y", "true", "1", "x", "si", "s"}, {"", "no", "n", "false", "0"}
YES_NO = (_words("no", "no"), _words("yes", "sí"))
SEPARATORS = str.maketrans(";/|", ",,,")

MEAL = _words("Meal", "Menú")
TABLE = _words("Table", "Mesa")
SEAT = _words("Seat", "Asiento")
GUEST = _words("Guest", "Invitado")
RSVP = _words("RSVP", "Respuesta")
NO_MEAL = _words("not chosen", "sin elegir")
NO_TABLE = _words("no table", "sin mesa")


def headings_read() -> dict[str, tuple[str, ...]]:
    """Give what each column of an import may be called."""
    return {
        column: tuple(dict.fromkeys([plain(word) for word in words.values()] + [*ALSO.get(column, ())]))
        for column, words in HEADINGS.items()
    }


def _known(words: Mapping[E, Words]) -> dict[str, E]:
    known = {plain(word): value for value, both in words.items() for word in both.values()}
    by_name = {plain(value.name): value for value in words}
    return by_name | known | {word: value for value in words for word, meant in MORE.items() if meant is value}


def reader(words: Mapping[E, Words]) -> Callable[[str], E]:
    """Make what reads a cell that holds one of some words. Raises InvalidInput that names them."""
    known, named = _known(words), ", ".join(both[Language.EN] for both in words.values())

    def read(cell: str) -> E:
        found = known.get(plain(cell))
        if found is None:
            raise InvalidInput(
                message=f"“{cell.strip()[:40]}” is unknown here; write one of {named}.",
                fault=Fault.NOT_A_CHOICE,
                fault_values=tuple(value.name for value in words),
            )
        return found

    return read


def read_many(read: Callable[[str], E]) -> Callable[[str], list[E]]:
    """Make what reads a cell that holds several of some words, parted by commas, semicolons or strokes."""
    return lambda cell: [read(part) for part in cell.translate(SEPARATORS).split(",") if part.strip()]


def read_yes(cell: str) -> bool:
    """Read a cell that says yes or no; an empty one says no. Raises InvalidInput."""
    said = plain(cell)
    if said in YES or said in NO:
        return said in YES
    raise InvalidInput(message=f"“{cell.strip()[:40]}” is neither; write yes or no.", fault=Fault.NOT_YES_OR_NO)


def written(values: Iterable[E], words: Mapping[E, Words], language: Language) -> str:
    """Write several values into a cell."""
    return ", ".join(words[value][language] for value in values)
