"""What the staff, and devices, do to a course's status."""

from typing import Annotated

import strawberry

from domain.course.conditions import set_playing_conditions
from domain.course.thresholds import set_thresholds
from domain.journeys import course_status
from resolvers.edge import WHAT, mutation, session_of
from schema.context import Info
from schema.course import payloads
from schema.course.courses import Course
from schema.course.inputs import (
    ClearCourseStatusOverrideInput,
    ReportLightningInput,
    SetCourseStatusInput,
    SetCourseThresholdsInput,
    SetPlayingConditionsInput,
)
from schema.derive import shown


@strawberry.type
class CourseMutations:
    """Mutations of course status."""

    @mutation
    async def set_course_status(
        self, info: Info, input: Annotated[SetCourseStatusInput, WHAT]
    ) -> payloads.SetCourseStatusPayload:
        """Say what a course's status is, until a moment: the weather changes nothing meanwhile. For staff."""
        context = info.context
        row = await course_status.set_status(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.SetCourseStatusPayload(problems=[], course=Course.of(row))

    @mutation
    async def clear_course_status_override(
        self, info: Info, input: Annotated[ClearCourseStatusOverrideInput, WHAT]
    ) -> payloads.ClearCourseStatusOverridePayload:
        """End what `setCourseStatus` has said: the weather decides again, as if the course were open. For staff."""
        context = info.context
        row = await course_status.clear_override(
            session_of(info),
            viewer=context.viewer,
            margin=context.settings.course_status_hysteresis,
            alert_cooldown=context.settings.weather_alert_cooldown,
            now=context.now,
            **input.as_kwargs(),
        )
        return payloads.ClearCourseStatusOverridePayload(problems=[], course=Course.of(row))

    @mutation
    async def set_course_thresholds(
        self, info: Info, input: Annotated[SetCourseThresholdsInput, WHAT]
    ) -> payloads.SetCourseThresholdsPayload:
        """Set from which weather on a course is warned of, or closed; the next evaluation goes by it. For staff."""
        context = info.context
        found = await set_thresholds(
            session_of(info),
            viewer=context.viewer,
            margin=context.settings.course_status_hysteresis,
            now=context.now,
            **input.as_kwargs(),
        )
        return payloads.SetCourseThresholdsPayload(problems=[], thresholds=shown(found))

    @mutation
    async def set_playing_conditions(
        self, info: Info, input: Annotated[SetPlayingConditionsInput, WHAT]
    ) -> payloads.SetPlayingConditionsPayload:
        """Say where carts may drive, which holes are open, and what else players should know. For staff."""
        context = info.context
        row = await set_playing_conditions(
            session_of(info), viewer=context.viewer, now=context.now, **input.as_kwargs()
        )
        return payloads.SetPlayingConditionsPayload(problems=[], course=Course.of(row))

    @mutation
    async def report_lightning(
        self, info: Info, input: Annotated[ReportLightningInput, WHAT]
    ) -> payloads.ReportLightningPayload:
        """Report a strike near a course, which closes it for 30 minutes. For staff, and for devices of the club."""
        context = info.context
        row = await course_status.report_lightning(
            session_of(info),
            viewer=context.viewer,
            margin=context.settings.course_status_hysteresis,
            alert_cooldown=context.settings.weather_alert_cooldown,
            now=context.now,
            **input.as_kwargs(),
        )
        return payloads.ReportLightningPayload(problems=[], course=Course.of(row))
