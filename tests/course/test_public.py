"""What anybody may know, and that nothing else can be had without a token."""

from tests.course.screens import conditions


async def test_anybody_may_ask_how_a_course_can_be_played(world):
    told = await conditions(world)
    assert (told["courseId"], told["status"], told["stale"]) == (world.course, "OPEN", True)
    assert told == await conditions(world, world.staff)
