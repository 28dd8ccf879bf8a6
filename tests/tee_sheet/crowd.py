"""Many people who want something at the same moment: plain sockets, since a pool of connections would queue them."""

import json
from asyncio import gather, open_connection
from collections.abc import Sequence
from typing import Any

from tests.harness import Answer, Who, World
from tests.tee_sheet.desk import mutation_of


async def at_once(world: World, operation: str, people: Sequence[Who], **given: Any) -> list[Any]:
    """Run a mutation for several people at the same moment, each on a connection of their own; give the payloads.

    None of them may be a fault. All connections are open before the first request is sent.
    """
    lines = [await open_connection(*world.server.url.removeprefix("http://").split(":")) for _ in people]
    requests = [request_of(world, operation, who, given) for who in people]
    for (_, writer), request in zip(lines, requests, strict=True):
        writer.write(request)
    answers = await gather(*(reader.read() for reader, _ in lines))
    for _, writer in lines:
        writer.close()
    return [Answer(json.loads(answer.partition(b"\r\n\r\n")[2])).data[operation] for answer in answers]


def request_of(world: World, operation: str, who: Who, given: dict[str, Any]) -> bytes:
    """Write a mutation as an HTTP request that ends its connection."""
    body = json.dumps({"query": mutation_of(operation), "variables": {"input": given}}).encode()
    head = f"""POST /graphql HTTP/1.1
Host: {world.server.url.removeprefix("http://")}
Authorization: Bearer {who.token(world.server.clock())}
Content-Type: application/json
Content-Length: {len(body)}
Connection: close

"""
    return head.replace("\n", "\r\n").encode() + body
