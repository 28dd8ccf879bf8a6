"""Which lines of work are related, where a tenant says otherwise."""

import asyncio

import pytest

from tests.matching.golf import code_of, do, golfer, problem_of
from tests.matching.test_feed import feed, hosted
from tests.matching.test_live_feed import FEED, all_follow

RELATIONS = "{ industryRelations { industry otherIndustry strength } }"
SELECTION = "relations { industry otherIndustry strength }"


async def points(world, who):
    page = await world.server.run("{ hostedTeeTimes { nodes { match { industry } } } }", who=who)
    return [one["match"]["industry"] for one in page.data["hostedTeeTimes"]["nodes"]]


async def test_an_admin_says_what_is_related_and_all_scores_follow(world):
    (ana, _), (ben, _) = await golfer(world, "ana"), await golfer(world, "ben", industry="EDUCATION")
    usual = (await world.server.run(RELATIONS, who=ben)).data["industryRelations"]
    assert len(usual) == 8
    assert {"industry": "FINANCE", "otherIndustry": "PRIVATE_CAPITAL", "strength": "HIGH"} in usual
    await hosted(world, ana, "For bankers", industries=["FINANCE"])
    assert await points(world, ben) == []
    related = {"industry": "EDUCATION", "otherIndustry": "FINANCE"}
    async with world.server.socket(ben) as socket:
        await socket.subscribe(FEED)
        await all_follow(world.server, 1)
        for strength, expected in (("LOW", 15), ("HIGH", 25)):
            made = await do(
                world, "setIndustryRelation", who=world.admin, selection=SELECTION, **related, strength=strength
            )
            assert {"industry": "FINANCE", "otherIndustry": "EDUCATION", "strength": strength} in made["relations"]
            assert set(await points(world, ben)) == {expected}
            assert (await socket.event())["type"] == "feed:refresh"
            await hosted(world, ana, "For bankers", industries=["FINANCE"])
            assert (await socket.event())["match"]["industry"] == expected
    made = await do(world, "setIndustryRelation", who=world.admin, selection=SELECTION, **related, strength="NONE")
    assert (made["relations"], (await feed(world, ben))["nodes"]) == (usual, [])


@pytest.mark.parametrize("role", ["staff", "player"])
async def test_nobody_else_may(world, role):
    ana, _ = await golfer(world, "ana")
    who = world.staff if role == "staff" else ana
    given = {"industry": "TECH", "otherIndustry": "LEGAL", "strength": "LOW"}
    assert await code_of(world, "setIndustryRelation", who=who, **given) == "NOT_ALLOWED"


async def test_a_line_of_work_is_not_related_to_itself(world):
    given = {"industry": "TECH", "otherIndustry": "TECH", "strength": "LOW"}
    assert (await problem_of(world, "setIndustryRelation", who=world.admin, **given))["path"] == [
        "input",
        "otherIndustry",
    ]


async def test_of_two_who_say_it_at_once_one_is_the_last(world):
    given = {"industry": "TECH", "otherIndustry": "LEGAL"}
    made = await asyncio.gather(
        *(
            do(world, "setIndustryRelation", who=world.admin, selection=SELECTION, **given, strength=strength)
            for strength in ("LOW", "MEDIUM", "HIGH", "LOW")
        )
    )
    ana, _ = await golfer(world, "ana")
    now = (await world.server.run(RELATIONS, who=ana)).data["industryRelations"]
    assert any(one["relations"] == now for one in made)
