"""Who may know of which caddies. Of other lists, a caddie learns nothing: not even whether they exist."""

from collections.abc import Collection
from uuid import UUID

from auth.viewer import Role, Viewer
from kit.errors import NotAllowed, NotFound


def own_lists(viewer: Viewer, club_id: UUID) -> frozenset[int] | None:
    """Give the lists that a viewer may see: all of them for staff, which is none here; a caddie's are in the token.

    The viewer must know of the club. Raises NotAllowed for anybody else.
    """
    if viewer.is_staff_of(club_id):
        return None
    if viewer.has(Role.CADDIE) and viewer.may_see_club(club_id):
        return viewer.caddie_lists
    raise NotAllowed(message="Only the club's staff and its caddies may see this.")


def visible_lists(viewer: Viewer, club_id: UUID, wanted: Collection[int] | None) -> frozenset[int] | None:
    """Give the lists that are wanted, or all that the viewer may see; none stands for all there are.

    Raises NotAllowed, and NotFound for a list of which the viewer may not know, whether it exists or not.
    """
    own = own_lists(viewer, club_id)
    if not wanted:
        return own
    if own is not None and not own.issuperset(wanted):
        raise NotFound(message="There is no such list, or you may not know of it.")
    return frozenset(wanted)


def may_see_list(viewer: Viewer, club_id: UUID, list_number: int) -> bool:
    """Tell whether a viewer may see the caddies of a list."""
    if viewer.is_staff_of(club_id):
        return True
    return viewer.may_see_club(club_id) and viewer.has(Role.CADDIE) and list_number in viewer.caddie_lists
