from dataclasses import FrozenInstanceError
from uuid import UUID

import pytest

from auth.viewer import Role, Viewer
from tests.auth.issuer import NOW

OAK, ELM = UUID(int=1), UUID(int=2)


def viewer(*roles, clubs=()):
    return Viewer(
        user_id="ana",
        tenant_id=UUID(int=9),
        club_ids=frozenset(clubs),
        player_id=None,
        roles=frozenset(roles),
        caddie_lists=frozenset(),
        household_id=None,
        expires_at=NOW,
    )


def test_every_role_says_what_it_is():
    assert all(role.description.endswith(".") for role in Role)


def test_a_viewer_has_a_role_when_it_has_one_of_those_asked_for():
    assert viewer(Role.CADDIE).has(Role.STAFF, Role.CADDIE)
    assert not viewer(Role.CADDIE).has(Role.STAFF, Role.ADMIN)
    assert not viewer(Role.CADDIE).has()


def test_an_admin_without_clubs_runs_the_tenant():
    admin = viewer(Role.ADMIN)
    assert admin.is_tenant_admin
    assert admin.may_see_club(OAK)
    assert admin.is_admin_of(ELM)
    assert admin.is_staff_of(ELM)


def test_an_admin_of_one_club_runs_that_club_alone():
    admin = viewer(Role.ADMIN, clubs=[OAK])
    assert not admin.is_tenant_admin
    assert admin.is_admin_of(OAK)
    assert not admin.is_admin_of(ELM)
    assert not admin.may_see_club(ELM)
    assert not admin.is_staff_of(ELM)


@pytest.mark.parametrize("role", [Role.STAFF, Role.STARTER])
def test_staff_work_at_their_clubs_alone(role):
    staff = viewer(role, clubs=[OAK])
    assert staff.is_staff_of(OAK)
    assert not staff.is_staff_of(ELM)
    assert not staff.is_admin_of(OAK)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN}))
def test_nobody_else_sees_a_club_that_the_token_does_not_name(role):
    assert not viewer(role).may_see_club(OAK)
    assert not viewer(role).is_staff_of(OAK)
    assert not viewer(role).is_tenant_admin


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN, Role.STAFF, Role.STARTER}))
def test_those_who_do_not_work_there_see_their_club_and_are_no_staff(role):
    assert viewer(role, clubs=[OAK]).may_see_club(OAK)
    assert not viewer(role, clubs=[OAK]).is_staff_of(OAK)


def test_a_viewer_cannot_be_changed_and_can_be_a_key():
    with pytest.raises(FrozenInstanceError):
        viewer(Role.PLAYER).roles = frozenset(Role)
    assert {viewer(Role.PLAYER): 1}[viewer(Role.PLAYER)] == 1
