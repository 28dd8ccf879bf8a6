"""The package `gql`, with either of its WebSocket transports: `python main.py`, or `python main.py aiohttp`."""

import asyncio
import json
import os
import sys

from gql import Client, gql
from gql.transport.aiohttp_websockets import AIOHTTPWebsocketsTransport
from gql.transport.exceptions import TransportError
from gql.transport.websockets import WebsocketsTransport

URL, TOKEN = os.environ["FAIRWAY_URL"], f"Bearer {os.environ['FAIRWAY_TOKEN']}"
GIVEN = {"course": os.environ["FAIRWAY_COURSE"], "date": os.environ["FAIRWAY_DATE"]}
SHEET = """query($course: ID!, $date: Date!) {
  teeSheet(courseId: $course, date: $date) { cursor teeTimes { slots { id status } } } }"""
HOLD = """mutation($teeTime: ID!) { holdSlots(input: { teeTimeId: $teeTime, places: 4 }) {
  problems { __typename message ... on SlotsUnavailable { placesLeft } } } }"""
FOLLOW = """subscription($course: ID!, $date: Date!, $after: String) {
  teeSheetEvents(courseId: $course, date: $date, after: $after) {
    ... on StreamItem { cursor } ... on SlotEvent { slot { id status } } } }"""


def say(**told: object) -> None:
    print(json.dumps(told), flush=True)


def transport() -> WebsocketsTransport | AIOHTTPWebsocketsTransport:
    kind = AIOHTTPWebsocketsTransport if sys.argv[1:] == ["aiohttp"] else WebsocketsTransport
    return kind(url=URL.replace("http", "ws", 1), init_payload={"Authorization": TOKEN})


async def follow(cursor: str) -> None:
    """Follow the sheet from a cursor on; come back, whatever becomes of the connection, after the last event."""
    while True:
        try:
            async with Client(transport=transport()) as session:
                query = gql(FOLLOW)
                query.variable_values = {**GIVEN, "after": cursor}
                async for told in session.subscribe(query):
                    event = told["teeSheetEvents"]
                    cursor = event["cursor"]
                    if "slot" in event:
                        say(slot=event["slot"]["id"], status=event["slot"]["status"])
        except (TransportError, OSError):
            await asyncio.sleep(0.1)


async def main() -> None:
    async with Client(transport=transport()) as session:
        query = gql(SHEET)
        query.variable_values = GIVEN
        sheet = (await session.execute(query))["teeSheet"]
        say(places=sum(len(start["slots"]) for start in sheet["teeTimes"]))
        query = gql(HOLD)
        query.variable_values = {"teeTime": os.environ["FAIRWAY_TEE_TIME"]}
        for problem in (await session.execute(query))["holdSlots"]["problems"]:
            if problem["__typename"] == "SlotsUnavailable":
                say(placesLeft=problem["placesLeft"])
            else:
                say(refused=problem["message"])
    say(follows=True)
    await follow(sheet["cursor"])


asyncio.run(main())
