"""A small S3 on loopback: it keeps objects in memory, and takes a request only if its signature is right.

The signature is worked out anew, as Amazon describes it (Signature Version 4, in the header Authorization).
"""

import asyncio
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import parse_qsl, quote, unquote, urlsplit

BUCKET, KEY, SECRET, REGION = "club-pictures", "the-key", "the/secret+of tests", "eu-west-1"
REASONS = {200: "OK", 204: "No Content", 403: "Forbidden", 404: "Not Found", 503: "Slow Down"}


@dataclass(frozen=True)
class Asked:
    """A request, taken apart."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return unquote(urlsplit(self.target).path)


def signature_of(asked: Asked, *, secret: str) -> str:
    """Work out what the header Authorization has to be."""
    given = asked.headers["authorization"]
    scheme, _, rest = given.partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    _, day, region, service, last = parts["Credential"].split("/")
    signed = parts["SignedHeaders"].split(";")
    query = parse_qsl(urlsplit(asked.target).query, keep_blank_values=True)
    canonical = "\n".join(
        [
            asked.method,
            urlsplit(asked.target).path,
            "&".join(sorted(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in query)),
            *(f"{name}:{' '.join(asked.headers[name].split())}" for name in signed),
            "",
            ";".join(signed),
            asked.headers["x-amz-content-sha256"],
        ]
    )
    scope = f"{day}/{region}/{service}/{last}"
    to_sign = "\n".join([scheme, asked.headers["x-amz-date"], scope, sha256(canonical.encode()).hexdigest()])
    derived = f"AWS4{secret}".encode()
    for part in (day, region, service, last):
        derived = hmac.digest(derived, part.encode(), "sha256")
    signature = hmac.new(derived, to_sign.encode(), "sha256").hexdigest()
    credential = f"{KEY}/{day}/{REGION}/s3/aws4_request"
    return f"{scheme} Credential={credential}, SignedHeaders={';'.join(signed)}, Signature={signature}"


@dataclass
class BucketServer:
    """Answers requests; the next ones as it is told to, if it is."""

    url: str = ""
    objects: dict[str, bytes] = field(default_factory=dict)
    media: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    refuse_with: int = 0

    def answer(self, asked: Asked) -> tuple[int, bytes]:
        self.asked.append((asked.method, asked.path))
        if self.refuse_with:
            return self.refuse_with, b"<Error><Code>SlowDown</Code></Error>"
        whole = sha256(asked.body).hexdigest() == asked.headers["x-amz-content-sha256"]
        if not whole or asked.headers["authorization"] != signature_of(asked, secret=SECRET):
            return 403, b"<Error><Code>SignatureDoesNotMatch</Code></Error>"
        bucket, _, key = asked.path.removeprefix("/").partition("/")
        if bucket != BUCKET:
            return 404, b"<Error><Code>NoSuchBucket</Code></Error>"
        return self.carry_out(asked, key)

    def carry_out(self, asked: Asked, key: str) -> tuple[int, bytes]:
        match asked.method:
            case "PUT":
                self.objects[key], self.media[key] = asked.body, asked.headers.get("content-type", "")
                return 200, b""
            case "DELETE":
                self.objects.pop(key, None)
                return 204, b""
            case "GET" | "HEAD" if key in self.objects:
                return 200, self.objects[key]
        return 404, b"<Error><Code>NoSuchKey</Code></Error>"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while not writer.is_closing():
                first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
                headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                method, target, _ = first.split(" ")
                status, content = self.answer(Asked(method, target, headers, body))
                told = "" if status == 204 else f"Content-Length: {len(content)}\r\n"
                more = 'ETag: "an-object"\r\nLast-Modified: Mon, 04 May 2026 05:00:00 GMT\r\n'
                writer.write(f"HTTP/1.1 {status} {REASONS[status]}\r\n{told}{more}\r\n".encode())
                writer.write(b"" if method == "HEAD" else content)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def bucket_server() -> AsyncIterator[BucketServer]:
    """Run it on a free port until the block ends."""
    bucket = BucketServer()
    server = await asyncio.start_server(bucket.serve, "127.0.0.1", 0)
    bucket.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield bucket
    finally:
        server.close()
