"""The facts about players."""

from typing import Any

from kit.ids import public_id
from models.clubs.tables import Player


def state_of(player: Player) -> dict[str, Any]:
    """Give what each fact about a player tells of them."""
    return {
        "club_id": public_id("club", player.club_id),
        "player_id": public_id("player", player.id),
        "first_name": player.first_name,
        "last_name": player.last_name,
        "price_class": player.price_class,
        "member_number": player.member_number,
        "phone": player.phone,
        "email": player.email,
        "birth_date": player.birth_date,
        "household": player.household,
        "host_id": public_id("player", player.host_id) if player.host_id else None,
        "notes": player.notes,
        "is_active": player.is_active,
    }
