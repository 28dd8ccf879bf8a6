"""What the worker does with what was told, one job after the other, by whichever carrier."""

from uuid import UUID

from sqlalchemy import select

from jobs.attempts import Later
from jobs.deliveries import Carrier, deliver, route_notifications
from models.deliveries import Delivery, DeliveryStatus
from models.notifications import Notification
from tests.harness import World


async def route(world: World) -> None:
    """Decide about all that was told and not decided about."""
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        ids = list(await session.scalars(select(Notification.id).where(Notification.routed_at.is_(None))))
    await route_notifications(world.server.runtime, tenant_id=world.tenant_id, ids=[str(one) for one in ids])


async def deliveries(world: World) -> list[Delivery]:
    """Give all deliveries, the oldest first."""
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        return list(await session.scalars(select(Delivery).order_by(Delivery.id)))


async def statuses(world: World) -> list[str]:
    """Give what has become of each."""
    return [one.status.value for one in await deliveries(world)]


async def post(world: World, carrier: Carrier) -> list[float]:
    """Send all that waits, once; give the seconds after which some is to be tried again."""
    await route(world)
    waits = []
    for one in await deliveries(world):
        if one.status in {DeliveryStatus.QUEUED, DeliveryStatus.SENDING}:
            try:
                await send(world, carrier, one.id)
            except Later as later:
                waits.append(later.delay.total_seconds())
    return waits


async def send(world: World, carrier: Carrier, delivery_id: UUID) -> None:
    """Send one."""
    await deliver(world.server.runtime, carrier, tenant_id=world.tenant_id, delivery_id=delivery_id)
