"""What falls due among golfers: rounds that are over, rooms that are old, the digest; and deliveries that were lost."""

from collections.abc import Sequence
from uuid import UUID

from domain.journeys import deliveries
from domain.matching import digest, ratings, rounds
from jobs.tasks import _change, _deciding, _each
from realtime.runtime import Runtime


async def complete_rounds(runtime: Runtime) -> None:
    """Note which hosted tee times were played, and clear the rooms of those that were long ago."""
    async with runtime.database.across_tenants() as session:
        played = await rounds.played_tee_times(session, now=runtime.clock())
        old = await rounds.old_tee_times(session, now=runtime.clock())
    otherwise = "a hosted tee time could not be ended"
    await _each(played, _deciding(runtime, rounds.complete, "tee_time_id"), otherwise=otherwise)
    await _each(old, _deciding(runtime, rounds.archive, "tee_time_id"), otherwise=otherwise)


async def show_ratings(runtime: Runtime) -> None:
    """Show the ratings that have waited for the other's until the fourteen days were over."""
    async with runtime.database.across_tenants() as session:
        due = await ratings.due_ratings(session, now=runtime.clock())
    await _each(due, _deciding(runtime, ratings.show_rating, "rating_id"), otherwise="a rating could not be shown")


async def send_digests(runtime: Runtime) -> None:
    """Have the digest of the week written where it is Sunday evening, or the night after it."""
    async with runtime.database.across_tenants() as session:
        due = await digest.due_zones(session, now=runtime.clock())
    await _each(due, _deciding(runtime, digest.find_readers, "time_zone"), otherwise="a digest could not be begun")


async def write_digests(runtime: Runtime, *, tenant_id: UUID, ids: Sequence[str], sunday: str) -> None:
    """Write the digest of a week to some golfers."""
    given = {"tenant_id": tenant_id, "ids": ids, "sunday": sunday}
    await _change(runtime, tenant_id, digest.write_digests, **given, now=runtime.clock())


async def requeue_deliveries(runtime: Runtime) -> None:
    """Have deliveries sent whose job was lost."""
    async with runtime.database.across_tenants() as session:
        due = await deliveries.lost_deliveries(session, now=runtime.clock())
    requeue = _deciding(runtime, deliveries.requeue, "delivery_id")
    await _each(due, requeue, otherwise="a delivery could not be put into the queue again")
