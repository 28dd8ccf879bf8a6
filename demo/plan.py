"""What is booked on a sheet of the demo: pure functions of a course, its starts and a source of random numbers."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from demo.clubs import DemoCourse, DemoPlayer
from demo.people import OWNER, PLAYERS, DemoPerson
from domain.tee_sheet.booking.parties import PlayerWish
from domain.tee_sheet.booking.sales import BookingWish
from models.tee_sheet.values import GUEST, MEMBER, PUBLIC, PriceClass

PARTIES = ((4,), (2, 2), (3,), (), (4,), (2, 1), (2,), (4,), (4,), (1,))
"""The groups on ten starts: 29 of 40 places. The cancellations bring a sheet down to about 70 percent."""


@dataclass(frozen=True)
class Outing:
    """A booking that is to be made: by whom, on which tee time, and whether it is paid at once."""

    booker: DemoPerson
    tee_time_id: UUID
    wish: BookingWish
    is_paid: bool


def person_of(player: DemoPlayer | None) -> DemoPerson | None:
    """Find who signs in as a player, if anybody does."""
    return next((person for person in PLAYERS if player and person.player_id == player.id), None)


def plan_bookings(rng: random.Random, course: DemoCourse, starts: Sequence[UUID]) -> list[Outing]:
    """Spread parties over the starts, and let each regular of the course lead one of them."""
    deck = list((PARTIES * (len(starts) // len(PARTIES) + 1))[: len(starts)])
    rng.shuffle(deck)
    groups = [(tee_time_id, size) for tee_time_id, sizes in zip(starts, deck, strict=True) for size in sizes]
    regulars = course.regulars[: len(groups)]
    leaders = dict(zip(rng.sample(range(len(groups)), len(regulars)), regulars, strict=True))
    return [
        _outing(rng, course, tee_time_id, size=size, leader=leaders.get(number))
        for number, (tee_time_id, size) in enumerate(groups)
    ]


def _outing(
    rng: random.Random, course: DemoCourse, tee_time_id: UUID, *, size: int, leader: DemoPlayer | None
) -> Outing:
    """Put a party together. The demo's people book for themselves, and so bring along whom the rules let them."""
    person = person_of(leader)
    own_class = leader.price_class if leader else rng.choices((MEMBER, GUEST, PUBLIC), weights=(5, 1, 4))[0]
    company = PUBLIC if own_class in {GUEST, PUBLIC} else GUEST  # all other classes of the demo are of members
    head = PlayerWish(player_id=leader.id, price_class=own_class) if leader else _somebody(rng, course, own_class)
    choices = (company,) if person else (own_class, company)
    others = [_somebody(rng, course, rng.choice(choices)) for _ in range(size - 1)]
    payer = others[-1] if others and rng.random() < 0.2 else PlayerWish()
    return Outing(
        booker=person or OWNER,
        tee_time_id=tee_time_id,
        wish=BookingWish(
            players=[head, *others],
            holes=_holes(rng, course),
            payer_first_name=payer.first_name,
            payer_last_name=payer.last_name,
        ),
        is_paid=person is None and rng.random() < 0.5,
    )


def _somebody(rng: random.Random, course: DemoCourse, price_class: PriceClass) -> PlayerWish:
    first, last = rng.choice(course.first_names), rng.choice(course.last_names)
    return PlayerWish(first_name=first, last_name=last, price_class=price_class)


def _holes(rng: random.Random, course: DemoCourse) -> int:
    """Choose a round: mostly that of the course, sometimes the other one that it sells."""
    others = sorted({price.holes for price in course.template.prices} - {course.holes})
    return others[0] if others and rng.random() < 0.1 else course.holes
