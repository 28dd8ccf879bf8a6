"""The demo's clubs and courses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from uuid import UUID

from demo.names import ENGLISH_FIRST_NAMES, ENGLISH_LAST_NAMES, SPANISH_FIRST_NAMES, SPANISH_LAST_NAMES
from demo.people import GUEST_ID, MAIN_CLUB_ID, MEMBER_ID, PUBLIC_ID, SECOND_CLUB_ID
from models.clubs.values import Language, NamePrivacy
from models.tee_sheet.values import (
    GUEST,
    MEMBER,
    PUBLIC,
    ClubPriceClass,
    Price,
    PriceClass,
    PriceClassKind,
    Restriction,
    StartFormat,
    Template,
    same_interval,
)

EIGHTEEN_ID = UUID("019b76da-a800-7000-8000-000000000201")
NINE_ID = UUID("019b76da-a800-7000-8000-000000000202")
SECOND_COURSE_ID = UUID("019b76da-a800-7000-8000-000000000203")


MAIN_ZONE = "America/New_York"
SECOND_ZONE = "Europe/Madrid"


@dataclass(frozen=True, kw_only=True)
class DemoPlayer:
    """A player whom a club knows."""

    id: UUID
    first_name: str
    last_name: str
    price_class: PriceClass


@dataclass(frozen=True, kw_only=True)
class DemoClub:
    """A club as it is founded."""

    id: UUID
    name: str
    time_zone: str
    currency: str
    language: Language
    name_privacy: NamePrivacy
    price_classes: tuple[ClubPriceClass, ...] = ()
    """Those of the club's own."""
    held_back_minutes: int = 0
    """For how long places that are given up are held back at the least."""


@dataclass(frozen=True, kw_only=True)
class DemoCourse:
    """A course with its template, the players who play it regularly, and names for those who do not."""

    id: UUID
    club_id: UUID
    name: str
    holes: int
    city: str
    country: str
    latitude: float
    longitude: float
    template: Template
    regulars: tuple[DemoPlayer, ...]
    first_names: tuple[str, ...] = field(repr=False)
    last_names: tuple[str, ...] = field(repr=False)


def _players(first_id: UUID, names: Mapping[PriceClass, str]) -> tuple[DemoPlayer, ...]:
    """Make players of names that are separated by commas; their ids count up from the first."""
    listed = [(price_class, name.split()) for price_class, line in names.items() for name in line.split(",")]
    return tuple(
        DemoPlayer(id=UUID(int=first_id.int + number), first_name=first, last_name=last, price_class=price_class)
        for number, (price_class, (first, last)) in enumerate(listed)
    )


def _prices(cents: Mapping[PriceClass, Mapping[int, int]]) -> tuple[Price, ...]:
    """Make prices of what a round costs in cents, by price class and holes."""
    return tuple(Price(price_class, holes, cost) for price_class, of in cents.items() for holes, cost in of.items())


JUNIOR, SENIOR = PriceClass("JUNIOR"), PriceClass("SENIOR")
"""Classes of the main club's own. Juniors have prices; seniors pay as members do."""
CLUBS = (
    DemoClub(
        id=MAIN_CLUB_ID,
        name="Quillhaven Golf Club (demo)",
        time_zone=MAIN_ZONE,
        currency="USD",
        language=Language.EN,
        name_privacy=NamePrivacy.INITIALS,
        price_classes=(
            ClubPriceClass(JUNIOR, "Juniors", PriceClassKind.MEMBER),
            ClubPriceClass(SENIOR, "Seniors", PriceClassKind.MEMBER),
        ),
    ),
    DemoClub(
        id=SECOND_CLUB_ID,
        name="Club de Golf Nubeclara (demo)",
        time_zone=SECOND_ZONE,
        currency="EUR",
        language=Language.ES,
        name_privacy=NamePrivacy.HIDDEN,
        held_back_minutes=60,
    ),
)

EIGHTEEN = DemoCourse(
    id=EIGHTEEN_ID,
    club_id=MAIN_CLUB_ID,
    name="Old Heron",
    holes=18,
    city="Quillhaven",
    country="US",
    latitude=41.31,
    longitude=-72.42,
    template=Template(
        first_start=time(7),
        last_start=time(18),
        intervals=same_interval(10),
        group_sizes=frozenset({1, 2, 3, 4}),
        starter_gap_every_minutes=60,
        prices=_prices(
            {
                MEMBER: {18: 4_500, 9: 2_800},
                GUEST: {18: 7_500, 9: 4_600},
                PUBLIC: {18: 9_800, 9: 5_900},
                JUNIOR: {18: 2_000, 9: 1_200},
            }
        ),
    ),
    regulars=(
        *_players(MEMBER_ID, {MEMBER: "Ada Merrow"}),
        *_players(GUEST_ID, {GUEST: "Gus Pennyroyal"}),
        *_players(PUBLIC_ID, {PUBLIC: "Polly Wayfare"}),
        *_players(
            UUID("019b76da-a800-7000-8000-000000000401"),
            {
                MEMBER: "Bertram Sallow,Cosima Reed,Dorian Fallow,Effie Loam,Gideon Marsh,Hattie Bracken,"
                "Ivo Spindle,Jessamy Clover,Kasper Dunlin",
                GUEST: "Linus Teasel,Mabel Ryegrass,Ned Plover",
                PUBLIC: "Odette Curlew,Piers Hawkbit,Queenie Sorrel,Rufus Sandpiper,Saskia Thrift",
                SENIOR: "Prudence Yarrow",
            },
        ),
    ),
    first_names=ENGLISH_FIRST_NAMES,
    last_names=ENGLISH_LAST_NAMES,
)
NINE = DemoCourse(
    id=NINE_ID,
    club_id=MAIN_CLUB_ID,
    name="Little Heron",
    holes=9,
    city="Quillhaven",
    country="US",
    latitude=41.31,
    longitude=-72.43,
    template=Template(
        first_start=time(8),
        last_start=time(17),
        intervals=same_interval(12),
        group_sizes=frozenset({1, 2, 3, 4}),
        prices=_prices(
            {
                MEMBER: {9: 2_000, 18: 3_400},
                GUEST: {9: 3_200, 18: 5_400},
                PUBLIC: {9: 3_900, 18: 6_600},
                JUNIOR: {9: 900, 18: 1_500},
            }
        ),
        restrictions=(
            Restriction(
                name="Members' hour", first_start=time(8), last_start=time(8, 59), price_classes=(MEMBER, GUEST)
            ),
        ),
    ),
    regulars=_players(
        UUID("019b76da-a800-7000-8000-000000000501"),
        {
            MEMBER: "Tilda Bulrush,Ulric Gannet,Verity Cowslip,Wystan Moor",
            GUEST: "Xenia Heather,Yorick Brook",
            PUBLIC: "Zelda Partridge,Abel Fescue,Bonnie Lapwing",
            JUNIOR: "Nell Sedge,Otto Finch",
        },
    ),
    first_names=ENGLISH_FIRST_NAMES,
    last_names=ENGLISH_LAST_NAMES,
)
SECOND_COURSE = DemoCourse(
    id=SECOND_COURSE_ID,
    club_id=SECOND_CLUB_ID,
    name="Recorrido Alondra",
    holes=18,
    city="Madrid",
    country="ES",
    latitude=40.62,
    longitude=-3.94,
    template=Template(
        first_start=time(8),
        last_start=time(12),
        intervals=same_interval(10),
        group_sizes=frozenset({1, 2, 3, 4}),
        start_format=StartFormat.CROSSOVER,
        prices=_prices({MEMBER: {18: 3_800}, GUEST: {18: 6_500}, PUBLIC: {18: 8_200}}),
    ),
    regulars=_players(
        UUID("019b76da-a800-7000-8000-000000000601"),
        {
            MEMBER: "Abril Mimbrera,Benigno Tejar,Casilda Espliego,Delfín Cantueso,Estrella Jilguera,Florián Robledal",
            GUEST: "Guiomar Alisar,Hilario Juncal",
            PUBLIC: "Isaura Trigal,Julián Vencejo,Leire Almendral,Marcial Ribazo",
        },
    ),
    first_names=SPANISH_FIRST_NAMES,
    last_names=SPANISH_LAST_NAMES,
)
COURSES: Mapping[UUID, DemoCourse] = {course.id: course for course in (EIGHTEEN, NINE, SECOND_COURSE)}
