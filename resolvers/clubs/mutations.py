"""Founding clubs and courses, and changing them."""

from typing import Annotated

import strawberry

from domain.clubs import clubs, limits, price_classes
from resolvers.edge import WHAT, mutation, session_of
from schema.clubs import payloads
from schema.clubs.inputs import (
    AddPriceClassInput,
    CreateClubInput,
    CreateCourseInput,
    RetirePriceClassInput,
    SetBookingLimitsInput,
    UpdateClubInput,
    UpdateCourseInput,
    UpdatePriceClassInput,
)
from schema.clubs.types import Club
from schema.context import Info
from schema.course.courses import Course


@strawberry.type
class ClubMutations:
    """Mutations of clubs."""

    @mutation
    async def create_club(self, info: Info, input: Annotated[CreateClubInput, WHAT]) -> payloads.CreateClubPayload:
        """Found a club. For admins of the whole tenant."""
        context = info.context
        row = await clubs.create_club(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.CreateClubPayload(problems=[], club=Club.of(row))

    @mutation
    async def update_club(self, info: Info, input: Annotated[UpdateClubInput, WHAT]) -> payloads.UpdateClubPayload:
        """Change a club's name or house rules. For its admins."""
        context = info.context
        row = await clubs.update_club(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.UpdateClubPayload(problems=[], club=Club.of(row))

    @mutation
    async def create_course(
        self, info: Info, input: Annotated[CreateCourseInput, WHAT]
    ) -> payloads.CreateCoursePayload:
        """Add a course to a club. For its admins."""
        context = info.context
        row = await clubs.create_course(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.CreateCoursePayload(problems=[], course=Course.of(row))

    @mutation
    async def update_course(
        self, info: Info, input: Annotated[UpdateCourseInput, WHAT]
    ) -> payloads.UpdateCoursePayload:
        """Change a course's master data. For the club's admins."""
        context = info.context
        row = await clubs.update_course(session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs())
        return payloads.UpdateCoursePayload(problems=[], course=Course.of(row))

    @mutation
    async def set_booking_limits(
        self, info: Info, input: Annotated[SetBookingLimitsInput, WHAT]
    ) -> payloads.SetBookingLimitsPayload:
        """Limit what players of a price class may book and hold, from now on. For the club's admins."""
        context = info.context
        row = await limits.set_booking_limits(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.SetBookingLimitsPayload(problems=[], club=Club.of(row))

    @mutation
    async def add_price_class(
        self, info: Info, input: Annotated[AddPriceClassInput, WHAT]
    ) -> payloads.AddPriceClassPayload:
        """Give a club a price class of its own, or one back that it has retired. For its admins."""
        context = info.context
        row = await price_classes.add_price_class(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.AddPriceClassPayload(problems=[], club=Club.of(row))

    @mutation
    async def update_price_class(
        self, info: Info, input: Annotated[UpdatePriceClassInput, WHAT]
    ) -> payloads.UpdatePriceClassPayload:
        """Call a price class of a club otherwise. For its admins."""
        context = info.context
        row = await price_classes.update_price_class(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.UpdatePriceClassPayload(problems=[], club=Club.of(row))

    @mutation
    async def retire_price_class(
        self, info: Info, input: Annotated[RetirePriceClassInput, WHAT]
    ) -> payloads.RetirePriceClassPayload:
        """Give a price class to nobody any more; who has it keeps it. For the club's admins."""
        context = info.context
        row = await price_classes.retire_price_class(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.RetirePriceClassPayload(problems=[], club=Club.of(row))
