"""An issuer of tokens for tests: its claims, its signatures, and a real server that publishes its keys."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import get_default_algorithms

from auth.tokens import Authenticator
from kit.settings import Settings

SECRET = "a secret of the tests, with more than 32 bytes"
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
TENANT = "tenant_01h455vb4pex5vsknk084sn02q"
CLUB = "club_01h455vb4pex5vsknk084sn02q"
PLAYER = "player_01h455vb4pex5vsknk084sn02q"
HOUSEHOLD = "household_01h455vb4pex5vsknk084sn02q"


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def claims(*, without: Sequence[str] = (), **changes: Any) -> dict[str, Any]:
    usual = {
        "sub": "ana",
        "tenantId": TENANT,
        "clubIds": [CLUB],
        "roles": ["PLAYER"],
        "exp": seconds(NOW + timedelta(hours=1)),
    }
    return {name: value for name, value in (usual | changes).items() if name not in without}


def sign(payload: Any, key: Any = SECRET, algorithm: str | None = "HS256", **headers: Any) -> str:
    """Sign whatever is given, also what PyJWT would refuse to write into a token."""
    content = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return jwt.PyJWS().encode(content, key, algorithm, headers=headers)


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def sign_by_hand(header: bytes, payload: bytes, secret: bytes) -> str:
    """Sign by HMAC with SHA-256, whatever the header and the secret are."""
    first = f"{base64url(header)}.{base64url(payload)}"
    return f"{first}.{base64url(hmac.digest(secret, first.encode(), hashlib.sha256))}"


def settings(**changes: Any) -> Settings:
    usual: dict[str, Any] = {
        "jwt_secret": SECRET,
        "jwt_jwks_url": "",
        "jwt_algorithm": "HS256",
        "jwt_issuer": "",
        "jwt_audience": "",
        "jwt_max_lifetime_days": 3_000_000,
    }
    return Settings(_env_file=None, **(usual | changes))


def authenticator(**changes: Any) -> Authenticator:
    return Authenticator(settings(**changes))


def private_key(algorithm: str, name: str = "first") -> Any:
    return key_pair(algorithm, name)


@lru_cache
def key_pair(algorithm: str, name: str) -> Any:
    """Make a key pair once for each name."""
    kinds: dict[str, Callable[[], Any]] = {
        "RS256": lambda: rsa.generate_private_key(public_exponent=65_537, key_size=2048),
        "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
        "EdDSA": ed25519.Ed25519PrivateKey.generate,
    }
    return kinds[algorithm]()


def published(algorithm: str, name: str = "first", **changes: Any) -> dict[str, Any]:
    """Describe the public half as a JSON Web Key whose id is its name."""
    public = private_key(algorithm, name).public_key()
    key: dict[str, Any] = get_default_algorithms()[algorithm].to_jwk(public, as_dict=True)
    return key | {"kid": name, "alg": algorithm} | changes


def sign_as(algorithm: str, name: str = "first", **changes: Any) -> str:
    return sign(claims(**changes), private_key(algorithm, name), algorithm, kid=name)


class Issuer:
    """What the server publishes, and how often it was asked."""

    def __init__(self, *keys: Any) -> None:
        self.document: Any = {"keys": list(keys)}
        self.status = 200
        self.requests = 0
        self.asked = threading.Event()
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.url = ""
        self.stop: Callable[[], None] = lambda: None

    def publish(self, *keys: Any) -> None:
        self.document = {"keys": list(keys)}

    def authenticator(self, algorithm: str) -> Authenticator:
        return authenticator(jwt_secret="", jwt_jwks_url=self.url, jwt_algorithm=algorithm)

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        self.requests += 1
        self.asked.set()
        self.may_answer.wait(30)
        body = self.document if isinstance(self.document, bytes) else json.dumps(self.document).encode()
        try:
            request.send_response(self.status)
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body)
        except ConnectionError:
            pass  # the client had no more patience, which some tests want


@contextmanager
def serving(*keys: Any) -> Iterator[Issuer]:
    """Publish keys on a port of this machine until the block ends, or the issuer's `stop` is called."""
    issuer = Issuer(*keys)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.answer(self)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    issuer.url = f"http://127.0.0.1:{server.server_port}/keys"

    def stop() -> None:
        issuer.may_answer.set()
        server.shutdown()
        server.server_close()
        thread.join()

    issuer.stop = stop
    try:
        yield issuer
    finally:
        stop()
