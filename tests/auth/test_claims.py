from datetime import timedelta
from uuid import UUID

import pytest

from auth.claims import viewer_of
from auth.tokens import MAX_TOKEN_LENGTH
from auth.viewer import Role
from kit.errors import TokenExpired, TokenRefused
from kit.ids import parse_id, public_id
from tests.auth.issuer import CLUB, HOUSEHOLD, NOW, PLAYER, SECRET, TENANT, authenticator, claims, seconds, sign

MICROSECOND = timedelta(microseconds=1)


async def check(token, *, now=NOW, **settings):
    return await authenticator(**settings).authenticate(token, now=now)


async def refusal(token, *, now=NOW, **settings):
    """Give the sentence of the refusal, once it is sure that it gives nothing away."""
    with pytest.raises(TokenRefused) as caught:
        await check(token, now=now, **settings)
    sentence = str(caught.value)
    assert sentence.isprintable()
    assert SECRET not in sentence
    assert not any(part in sentence for part in token.split(".") if part)
    return sentence


async def test_a_full_token_gives_a_full_viewer():
    full = claims(
        roles=["CADDIE", "PLAYER"], playerId=PLAYER, caddieLists=[1, 3], householdId=HOUSEHOLD, iat=seconds(NOW)
    )
    viewer = await check(sign(full))
    assert viewer.user_id == "ana"
    assert viewer.tenant_id == parse_id("tenant", TENANT)
    assert viewer.club_ids == {parse_id("club", CLUB)}
    assert viewer.player_id == parse_id("player", PLAYER)
    assert viewer.household_id == parse_id("household", HOUSEHOLD)
    assert viewer.roles == {Role.CADDIE, Role.PLAYER}
    assert viewer.caddie_lists == {1, 3}
    assert viewer.expires_at == NOW + timedelta(hours=1)
    assert viewer.expires_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize("absent", ["left out", "null"])
async def test_what_is_optional_may_be_absent(absent):
    names = ("clubIds", "playerId", "roles", "caddieLists", "householdId", "iat", "nbf")
    token = sign(claims(without=names) if absent == "left out" else claims(**dict.fromkeys(names)))
    viewer = await check(token)
    assert (viewer.club_ids, viewer.roles, viewer.caddie_lists) == (frozenset(), frozenset(), frozenset())
    assert (viewer.player_id, viewer.household_id) == (None, None)


@pytest.mark.parametrize("claim", ["exp", "sub", "tenantId"])
async def test_a_required_claim_that_is_missing_is_named(claim):
    assert await refusal(sign(claims(without=[claim]))) == f"The token lacks the claim “{claim}”."
    assert await refusal(sign(claims(**{claim: None}))) == f"The token lacks the claim “{claim}”."


WRONG_TIMES = ["soon", True, [], {}, float("nan"), float("inf"), -1, 10**12, 10**400]
WRONG = {
    "sub": ["", 7, True, [], {}, "x" * 201, "a\x00b", "a\nb", "\ud800"],
    "tenantId": ["", "nonsense", 7, [TENANT], CLUB, TENANT + "x", str(UUID(int=1)), "\ud800", "tenant_é" + "0" * 25],
    "clubIds": [CLUB, 7, {}, [7], [None], ["nonsense"], [TENANT], [CLUB, PLAYER], [[CLUB]]],
    "playerId": ["", 7, [], "nonsense", CLUB],
    "householdId": ["", 7, {}, "nonsense", PLAYER],
    "roles": ["ADMIN", 7, {"ADMIN": True}, ["OWNER"], ["admin"], ["PLAYER", "OWNER"], [7], [None], [["ADMIN"]]],
    "caddieLists": [1, "1", {}, ["1"], [0], [-1], [100], [1.0], [True], [None], [10**30]],
    "exp": WRONG_TIMES,
    "iat": WRONG_TIMES,
    "nbf": WRONG_TIMES,
}


@pytest.mark.parametrize(
    ("claim", "value"), [(claim, value) for claim, values in WRONG.items() for value in values], ids=repr
)
async def test_a_claim_that_is_wrong_is_named(claim, value):
    assert f"claim “{claim}”" in await refusal(sign(claims(**{claim: value})))


async def test_an_unknown_role_is_refused_with_those_that_exist():
    sentence = await refusal(sign(claims(roles=["PLAYER", "OWNER"])))
    assert "OWNER" not in sentence
    assert all(role in sentence for role in Role)


async def test_a_user_id_may_have_two_hundred_characters_of_any_language():
    assert (await check(sign(claims(sub="é" * 200)))).user_id == "é" * 200


def test_a_token_may_name_a_thousand_clubs_and_no_more():
    clubs = [public_id("club", UUID(int=number)) for number in range(1_001)]
    assert len(viewer_of(claims(clubIds=clubs[:1_000])).club_ids) == 1_000
    with pytest.raises(TokenRefused, match=r"clubIds.*1,000"):
        viewer_of(claims(clubIds=clubs))


async def test_a_token_expires_five_seconds_after_its_second():
    token = sign(claims(exp=seconds(NOW)))
    viewer = await check(token, now=NOW + timedelta(seconds=5) - MICROSECOND)
    assert viewer.expires_at == NOW
    with pytest.raises(TokenExpired, match="get a new one"):
        await check(token, now=NOW + timedelta(seconds=5))


async def test_the_clock_that_is_passed_in_decides_and_not_the_one_on_the_wall():
    old = NOW.replace(year=1999)
    token = sign(claims(exp=seconds(old), iat=seconds(old), nbf=seconds(old)))
    assert (await check(token, now=old)).expires_at == old


async def test_a_token_may_expire_within_a_second():
    viewer = await check(sign(claims(exp=seconds(NOW) + 0.5)))
    assert viewer.expires_at == NOW + timedelta(milliseconds=500)


@pytest.mark.parametrize("claim", ["iat", "nbf"])
async def test_a_token_from_the_future_is_refused_beyond_the_leeway(claim):
    token = sign(claims(**{claim: seconds(NOW)}))
    assert await check(token, now=NOW - timedelta(seconds=5))
    sentence = await refusal(token, now=NOW - timedelta(seconds=5) - MICROSECOND)
    assert f"“{claim}” lies in the future" in sentence


@pytest.mark.parametrize("issuer", ["https://other.example", "", 7, ["https://id.example"]])
async def test_the_wrong_issuer_is_refused(issuer):
    sentence = await refusal(sign(claims(iss=issuer)), jwt_issuer="https://id.example")
    assert sentence == "The token's claim “iss” must be “https://id.example”."


@pytest.mark.parametrize("audience", ["other", "", 7, [], ["other"], {"fairway": 1}])
async def test_the_wrong_audience_is_refused(audience):
    sentence = await refusal(sign(claims(aud=audience)), jwt_audience="fairway")
    assert sentence == "The token's claim “aud” must name “fairway”."


@pytest.mark.parametrize(("claim", "setting"), [("iss", "jwt_issuer"), ("aud", "jwt_audience")])
async def test_an_issuer_or_audience_that_is_set_must_be_in_the_token(claim, setting):
    assert await refusal(sign(claims()), **{setting: "fairway"}) == f"The token lacks the claim “{claim}”."


@pytest.mark.parametrize("audience", ["fairway", ["other", "fairway"]])
async def test_the_right_issuer_and_audience_are_accepted(audience):
    assert await check(sign(claims(iss="id", aud=audience)), jwt_issuer="id", jwt_audience="fairway")


async def test_an_issuer_and_audience_do_not_matter_where_none_is_set():
    assert await check(sign(claims(iss="anyone", aud=["anything"])))


async def test_an_expired_token_of_a_stranger_is_refused_as_a_strangers():
    sentence = await refusal(sign(claims(iss="other", exp=1)), jwt_issuer="id")
    assert "“iss”" in sentence


async def test_a_token_may_have_eight_kibibytes_and_no_more():
    fitting = max(
        (sign(claims(filler="x" * size)) for size in range(5_700, 6_100)),
        key=lambda token: len(token) * (len(token) <= MAX_TOKEN_LENGTH),
    )
    assert MAX_TOKEN_LENGTH - 4 < len(fitting) <= MAX_TOKEN_LENGTH
    assert await check(fitting)
    assert "longer than 8,192 characters" in await refusal(sign(claims(filler="x" * 6_100)))
    assert "longer than 8,192 characters" in await refusal("x" * 10_000_000)
