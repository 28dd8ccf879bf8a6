"""What guests post, and the pictures that they send, through the API."""

from typing import Any
from urllib.parse import urlsplit

from tests.guests.party import Party
from tests.harness import Who
from tests.providers.picture_files import telling

POST = """id kind status authorName isOwn householdId guestId title artist text votes votedGuestIds
    picture { id width height url smallUrl }"""
POSTS = """query($id: ID!, $kind: PostKind, $status: PostStatus, $after: String, $first: Int = 20) {
    posts(occasionId: $id, kind: $kind, status: $status, after: $after, first: $first) {
        cursor nodes { id kind status text title } pageInfo { hasNextPage endCursor }
    } }"""
KINDS = ("Music", "Gallery", "Guestbook")
TYPES = ", ".join(f"{kind.upper()}_{done}" for kind in KINDS for done in ("CREATE", "UPDATE", "DELETE"))
STATE = """postId status votes authorHouseholdId isOwn pictureUrl smallPictureUrl
    content { authorName title text picture { pictureId width height } }"""
SHOWN = " ".join(f"... on {kind}{done} {{ {STATE} }}" for kind in KINDS for done in ("Created", "Updated"))
FOLLOW = f"""subscription($id: ID!, $after: String) {{
    occasionEvents(occasionId: $id, after: $after, types: [{TYPES}]) {{ ... on StreamEvent {{ type }} {SHOWN} }}
}}"""


async def add(party: Party, who: Who, **post: Any) -> Any:
    wish = {"occasionId": party.id, "kind": "GUESTBOOK"} | ({"text": "Thank you!"} if "kind" not in post else {}) | post
    return await party.mutate("addPost", f"post {{ {POST} }}", who=who, **wish)


async def added(party: Party, who: Who, **post: Any) -> Any:
    payload = await add(party, who, **post)
    assert payload["problems"] == []
    return payload["post"]


async def seen(party: Party, who: Who, **wanted: Any) -> list[tuple[str, str]]:
    """Give what somebody sees of the posts: text or title, and status."""
    answer = await party.server.run(POSTS, who=who, id=party.id, **wanted)
    return [(one["text"] or one["title"], one["status"]) for one in answer.data["posts"]["nodes"]]


async def moderate(party: Party, post: dict[str, Any], status: str, **who: Who) -> Any:
    return await party.mutate("moderatePost", f"post {{ {POST} }}", postId=post["id"], status=status, **who)


def refusal(payload: Any) -> tuple[str, list[str]]:
    [problem] = payload["problems"]
    return problem["code"], problem["path"]


async def expect(party: Party, who: Who) -> Any:
    return await party.mutate(
        "uploadPicture", "pictureId url method headers { name value } expiresAt", who=who, occasionId=party.id
    )


async def upload(party: Party, who: Who, content: bytes | None = None) -> str:
    """Send a picture as a client does: where it was told to, and how."""
    expected = await expect(party, who)
    headers = {one["name"]: one["value"] for one in expected["headers"]}
    url = party.server.url + urlsplit(expected["url"]).path
    sent = await party.server.http.request(expected["method"], url, content=content or telling(), headers=headers)
    assert sent.status_code == 201, sent.text
    return str(expected["pictureId"])


async def look(party: Party, url: str) -> Any:
    parts = urlsplit(url)
    return await party.server.http.get(f"{party.server.url}{parts.path}?{parts.query}")
