"""A push service on loopback, by https: it checks who pushes, opens what it gets with a device's keys, and answers."""

import asyncio
import datetime as dt
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
import orjson
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from auth.vapid import VapidKey, from_base64url, to_base64url
from kit.clock import Clock
from providers.push.service import PushServices

HOST = "push.example"
SILENCE = 0
AUTH = b"sixteen bytes ok"


@dataclass
class PushServer:
    """The service, with the one device that it knows."""

    folder: Path
    status: int = 201
    headers: dict[str, str] = field(default_factory=dict)
    port: int = 0
    taken: list[dict[str, Any]] = field(default_factory=list)
    device: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    tls: ssl.SSLContext = field(default_factory=lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))

    @property
    def point(self) -> bytes:
        return self.device.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def subscription(self) -> dict[str, str]:
        endpoint = f"https://{HOST}:{self.port}/device/one"
        return {"endpoint": endpoint, "p256dh": to_base64url(self.point), "auth": to_base64url(AUTH)}

    def carrier(self, key: VapidKey, clock: Clock) -> PushServices:
        async def resolve(_host: str, _port: int) -> list[str]:
            return ["127.0.0.1"]

        return PushServices(
            key,
            clock=clock,
            hosts=[f"{HOST}:{self.port}"],
            resolve=resolve,
            may_reach=lambda address: address.is_loopback,
            tls=self.tls,
            timeout=2.0,
        )

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            lines = [line.partition(": ") for line in head[1:] if line]
            sent = {name.lower(): value for name, _, value in lines}
            body = await reader.readexactly(int(sent["content-length"]))
            proof = self.check(sent["authorization"])
            self.taken.append({"line": head[0], "headers": sent, "proof": proof, "said": self.open(body)})
            if self.status == SILENCE:
                await asyncio.Event().wait()
            more = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
            writer.write(f"HTTP/1.1 {self.status} said\r\ncontent-length: 0\r\n{more}\r\n".encode())
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    def check(self, proof: str) -> dict[str, Any]:
        """Check the proof of who pushes, as RFC 8292 wants it."""
        token, _, key = proof.removeprefix("vapid t=").partition(", k=")
        point = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), from_base64url(key))
        options: Any = {"verify_exp": False}  # the clocks of these tests stand still
        said: dict[str, Any] = jwt.decode(
            token, point, algorithms=["ES256"], audience=f"https://{HOST}:{self.port}", options=options
        )
        return said

    def open(self, body: bytes) -> Any:
        """Open a message with the device's keys, as RFC 8291 wants it."""
        salt, length = body[:16], body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        shared = self.device.exchange(ECDH(), EllipticCurvePublicKey.from_encoded_point(SECP256R1(), sender))
        secret = derived(shared, AUTH, b"WebPush: info\x00" + self.point + sender, 32)
        key = derived(secret, salt, b"Content-Encoding: aes128gcm\x00", 16)
        nonce = derived(secret, salt, b"Content-Encoding: nonce\x00", 12)
        opened = AESGCM(key).decrypt(nonce, sealed, None)
        assert opened.endswith(b"\x02")
        return orjson.loads(opened[:-1])


def derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)


def certify(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Make a certificate for the host; give what the service and what its clients need."""
    key, name = generate_private_key(SECP256R1()), x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    today = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    file = folder / "push.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    server.load_cert_chain(file)
    client.load_verify_locations(file)
    return server, client


@asynccontextmanager
async def push_server(folder: Path) -> AsyncIterator[PushServer]:
    """Run one until the block ends."""
    own, theirs = certify(folder)
    server, talks = PushServer(folder, tls=theirs), set[asyncio.Task[None]]()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talks.add(task)
        with suppress(asyncio.CancelledError):  # the test is over
            await server.serve(reader, writer)

    listening = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=own)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
