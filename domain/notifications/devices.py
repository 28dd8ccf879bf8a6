"""The devices that a user is pushed to: registered by a browser, and removed by their user or when they are gone."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from auth.vapid import from_base64url
from auth.viewer import Viewer
from kit.endpoints import is_push_endpoint
from kit.errors import InvalidInput, NotFound, Unavailable
from kit.ids import new_id
from kit.text import clean_name
from models.deliveries import PushDevice

MOST = 20
"""Devices of one user: of more, the one goes that was registered first."""
AUTH_BYTES = 16
POINT_BYTES = 65
OWN = select(PushDevice).where(PushDevice.user_id == bindparam("user_id")).order_by(PushDevice.id.desc())
NO_SUCH = "There is no such device, or it is not yours."


async def own_devices(session: AsyncSession, *, viewer: Viewer) -> list[PushDevice]:
    """Read the viewer's devices, the newest first."""
    return list(await session.scalars(OWN, {"user_id": viewer.user_id}))


async def find_device(session: AsyncSession, *, viewer: Viewer, device_id: UUID) -> PushDevice:
    """Find a device of the viewer's own. Raises NotFound."""
    row = await session.get(PushDevice, device_id)
    if row is None or row.user_id != viewer.user_id:
        raise NotFound(message=NO_SUCH)
    return row


async def register_device(
    session: AsyncSession,
    *,
    viewer: Viewer,
    endpoint: str,
    p256dh: str,
    auth: str,
    name: str = "",
    server_key: str | None,
    hosts: Iterable[str],
    now: datetime,
) -> PushDevice:
    """Register a device by what its browser has given: a repeat refreshes it, and takes it over from another user.

    `server_key` is the key that it was given by `webPushKey`, `hosts` what the operator trusts beside the known ones.
    Raises InvalidInput, and Unavailable where nobody can be pushed to.
    """
    if server_key is None:
        raise Unavailable(message="Nobody can be pushed to here: the operator has to set VAPID_SUBJECT.")
    given = {
        "user_id": viewer.user_id,
        "name": clean_name(name, path=("input", "name"), empty=True),
        "p256dh": _check_point(p256dh),
        "auth": _check_auth(auth),
        "server_key": server_key,
        "failures": 0,
    }
    if not is_push_endpoint(endpoint, more=hosts):
        message = "Give the address at a push service as the browser has it; this one is of none that is known."
        raise InvalidInput(message=message, path=("input", "endpoint"))
    fresh = {"id": new_id(), "tenant_id": viewer.tenant_id, "endpoint": endpoint, "created_at": now}
    kept = insert(PushDevice).values(**fresh, **given)
    known = kept.on_conflict_do_update(index_elements=["tenant_id", "endpoint"], set_=given).returning(PushDevice)
    row = (await session.scalars(known, execution_options={"populate_existing": True})).one()
    others = [one.id for one in await own_devices(session, viewer=viewer) if one.id != row.id][MOST - 1 :]
    if others:
        await session.execute(delete(PushDevice).where(PushDevice.id.in_(others)))
    return row


async def unregister_device(session: AsyncSession, *, viewer: Viewer, device_id: UUID) -> None:
    """Push no more to a device of the viewer's. Raises NotFound."""
    mine = delete(PushDevice).where(PushDevice.id == device_id, PushDevice.user_id == viewer.user_id)
    if await session.scalar(mine.returning(PushDevice.id)) is None:
        raise NotFound(message=NO_SUCH)


def _check_point(text: str) -> str:
    point = from_base64url(text)
    try:
        usable = len(point) == POINT_BYTES and bool(EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point))
    except ValueError:
        usable = False
    if not usable:
        message = "Give the key `p256dh` of the subscription as the browser has it: a point of P-256, as base64url."
        raise InvalidInput(message=message, path=("input", "p256dh"))
    return text.rstrip("=")


def _check_auth(text: str) -> str:
    if len(from_base64url(text)) != AUTH_BYTES:
        message = "Give the key `auth` of the subscription as the browser has it: 16 bytes, as base64url."
        raise InvalidInput(message=message, path=("input", "auth"))
    return text.rstrip("=")
