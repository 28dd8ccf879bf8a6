"""Rules of seating: who sits together, who apart; a breach is refused unless it is wanted, and always listed."""

from tests.guests.seating.floor import refusal


async def test_who_is_to_sit_apart_is_not_seated_together_unless_that_is_wanted(floor):
    rule = await floor.rule("APART", firstGuestId=floor.guest("Isla"), secondGuestId=floor.guest("Noa"))
    await floor.seat("North", "Isla")
    refused = refusal(await floor.seat("North", "Noa"))
    assert refused["code"] == "SEATING_RULE_BROKEN"
    broken = {"ruleId": rule, "kind": "APART", "guestIds": [floor.guest("Isla"), floor.guest("Noa")]}
    assert refused["rules"] == [broken]
    assert (await floor.seat("North", "Noa", force=True))["problems"] == []
    assert "APART_BROKEN" in await floor.flaws()
    assert (await floor.seat("North", "Teo"))["problems"] == [], "what is broken already is in nobody's way"
    await floor.seat("South", "Noa")
    assert "APART_BROKEN" not in await floor.flaws()


async def test_a_swap_that_breaks_a_rule_is_refused(floor):
    home = floor.party.households["Lindero"]["id"]
    await floor.rule("APART", firstHouseholdId=home, secondGuestId=floor.guest("Isla"))
    await floor.seat("North", "Isla", "Teo")
    await floor.seat("South", "Noa", "Mar")
    await floor.seat("East", "Sol")
    assert refusal(await floor.swap("Teo", "Sol"))["code"] == "SEATING_RULE_BROKEN"
    assert (await floor.swap("Isla", "Noa"))["problems"] == []


async def test_who_is_to_sit_together_is_not_seated_apart(floor):
    await floor.rule("TOGETHER", firstGuestId=floor.guest("Sol"), secondGuestId=floor.guest("Noa"))
    assert (await floor.seat("North", "Sol"))["problems"] == [], "who has no seat yet sits nowhere else"
    assert refusal(await floor.seat("South", "Noa"))["code"] == "SEATING_RULE_BROKEN"
    assert (await floor.seat("South", "Noa", "Sol"))["problems"] == []
    await floor.seat("North", "Sol", force=True)
    assert "TOGETHER_BROKEN" in await floor.flaws()


async def test_a_rule_about_the_same_two_is_one_rule_whoever_is_named_first(floor):
    one, other = floor.guest("Isla"), floor.guest("Noa")
    rule = await floor.rule("APART", firstGuestId=one, secondGuestId=other)
    assert await floor.rule("TOGETHER", firstGuestId=other, secondGuestId=one) == rule
    [shown] = (await floor.chart())["rules"]
    assert (shown["kind"], shown["firstGuestId"], shown["secondGuestId"]) == ("TOGETHER", one, other)
    gone = await floor.ask("removeSeatingRule", "seatingRule { id }", seatingRuleId=rule)
    assert gone["problems"] == []
    assert (await floor.chart())["rules"] == []


async def test_a_rule_needs_two_of_whom_neither_is_part_of_the_other(floor):
    guest, home = floor.guest("Isla"), floor.party.households["Vado"]["id"]
    for sides in (
        {"firstGuestId": guest, "secondGuestId": guest},
        {"firstGuestId": guest, "secondHouseholdId": home},
        {"firstHouseholdId": home, "secondHouseholdId": home},
        {"firstGuestId": guest},
        {"firstGuestId": guest, "firstHouseholdId": home, "secondGuestId": floor.guest("Noa")},
    ):
        asked = {"occasionId": floor.party.id, "kind": "APART", **sides}
        assert refusal(await floor.ask("setSeatingRule", "seatingRule { id }", **asked))["code"] == "INVALID_INPUT"


async def test_a_rule_goes_with_whom_it_is_about_and_that_is_told(floor):
    rule = await floor.rule(
        "APART", firstGuestId=floor.guest("Isla"), secondHouseholdId=floor.party.households["Ribera"]["id"]
    )
    follow = """subscription($id: ID!, $after: String) {
        occasionEvents(occasionId: $id, after: $after, types: [SEATING_RULE_DELETE]) {
        ... on SeatingRuleDeleted { ruleId } } }"""
    async with floor.party.server.socket(floor.party.planner) as socket:
        await socket.subscribe(follow, id=floor.party.id, after=(await floor.party.read())["cursor"])
        household = floor.party.households["Ribera"]["id"]
        await floor.party.done("deleteHousehold", "householdId", householdId=household)
        assert await socket.events(1) == [{"ruleId": rule}]
    assert (await floor.chart())["rules"] == []
