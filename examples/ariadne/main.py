"""Typed methods and answers by ariadne-codegen: run that first."""

import asyncio
import json
import os
from datetime import date

from fairway_client import Client
from fairway_client.hold import HoldHoldSlotsProblemsCourseClosed as CourseClosed
from fairway_client.hold import HoldHoldSlotsProblemsSlotsUnavailable as SlotsUnavailable
from websockets.exceptions import ConnectionClosed

URL, TOKEN = os.environ["FAIRWAY_URL"], f"Bearer {os.environ['FAIRWAY_TOKEN']}"
COURSE, DAY = os.environ["FAIRWAY_COURSE"], date.fromisoformat(os.environ["FAIRWAY_DATE"])


def say(**told: object) -> None:
    print(json.dumps(told), flush=True)


async def follow(client: Client, cursor: str) -> None:
    """Follow the sheet from a cursor on; come back, whatever becomes of the connection, after the last event."""
    while True:
        try:
            async for told in client.follow(COURSE, DAY, after=cursor):
                event = told.tee_sheet_events
                cursor = event.cursor
                if slot := getattr(event, "slot", None):
                    say(slot=slot.id, status=slot.status)
        except (ConnectionClosed, OSError):
            await asyncio.sleep(0.1)


async def main() -> None:
    init, socket = {"Authorization": TOKEN}, URL.replace("http", "ws", 1)
    async with Client(URL, headers=init, ws_url=socket, ws_connection_init_payload=init) as client:
        sheet = (await client.sheet(COURSE, DAY)).tee_sheet
        assert sheet, "there is no sheet on that day"
        say(places=sum(len(start.slots) for start in sheet.tee_times))
        for problem in (await client.hold(os.environ["FAIRWAY_TEE_TIME"], 4)).hold_slots.problems:
            if isinstance(problem, SlotsUnavailable):
                say(placesLeft=problem.places_left)
            elif isinstance(problem, CourseClosed):
                say(closed=problem.reason)
            else:
                say(refused=problem.message)
        say(follows=True)
        await follow(client, sheet.cursor)


asyncio.run(main())
