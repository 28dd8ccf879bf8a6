"""A small identity provider for tests, by OpenID Connect: it signs people in, and renews, withdraws and refuses."""

import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.auth.issuer import base64url, private_key, published, sign

CLIENT = "board"
LOGIN = """<!doctype html><title>Sign in</title><form method="post"><label>Name <input name="name"></label>
<button>Sign in</button></form>"""


@dataclass
class Grant:
    """What a code, or a token to renew by, stands for."""

    subject: str
    nonce: str = ""
    challenge: str = ""
    redirect: str = ""


@dataclass
class Provider:
    """What it knows, and how it behaves; `people` are the claims of each by name."""

    people: dict[str, dict[str, Any]]
    redirects: set[str] = field(default_factory=set)
    lifetime: int = 3600
    """Seconds that an access token lives."""
    refreshes: bool = True
    """Whether it gives tokens to renew by."""
    away: bool = False
    refuses: str = ""
    """What it answers to who wants to sign in, as `access_denied`."""
    url: str = ""
    key: str = "first"
    codes: dict[str, Grant] = field(default_factory=dict)
    renewals: dict[str, Grant] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    """What it was asked for, in order."""
    wrong: list[str] = field(default_factory=list)
    """What clients did that they should not have."""

    def rotate(self) -> None:
        """Sign with another key from now on."""
        self.key += " and another"

    def forget(self) -> None:
        """Know nobody any more: neither by a session, nor by a token to renew by."""
        self.sessions.clear()
        self.renewals.clear()

    def tokens(self, grant: Grant) -> dict[str, Any]:
        now = int(time.time())
        usual = {"iss": self.url, "sub": grant.subject, "iat": now, "exp": now + self.lifetime}
        profile = {"aud": CLIENT, "name": grant.subject.title(), **({"nonce": grant.nonce} if grant.nonce else {})}
        access = {"aud": "fairway", "jti": secrets.token_hex(8), **self.people[grant.subject]}
        answer = {
            "token_type": "Bearer",
            "expires_in": self.lifetime,
            "access_token": self._sign(usual | access),
            "id_token": self._sign(usual | profile),
        }
        if self.refreshes:
            renewal = secrets.token_hex(16)
            answer["refresh_token"] = renewal
            self.renewals[renewal] = Grant(grant.subject)
        return answer

    def _sign(self, claims: dict[str, Any]) -> str:
        return sign(claims, private_key("ES256", self.key), "ES256", kid=self.key)

    def code_for(self, asked: dict[str, str], subject: str) -> str:
        code = secrets.token_hex(16)
        self.codes[code] = Grant(subject, asked.get("nonce", ""), asked["code_challenge"], asked["redirect_uri"])
        return code

    def exchange(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if form.get("client_id") != CLIENT:
            return 401, {"error": "invalid_client"}
        if form["grant_type"] == "refresh_token":
            grant = self.renewals.pop(form["refresh_token"], None)  # each can be used once
            return (200, self.tokens(grant)) if grant else (400, {"error": "invalid_grant"})
        grant = self.codes.pop(form["code"], None)
        proof = base64url(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if grant is None or grant.challenge != proof or grant.redirect != form["redirect_uri"]:
            self.wrong.append(f"a code that does not fit: {form}")
            return 400, {"error": "invalid_grant"}
        return 200, self.tokens(grant)

    def document(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "revocation_endpoint": f"{self.url}/revoke",
            "end_session_endpoint": f"{self.url}/end",
            "jwks_uri": f"{self.url}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "code_challenge_methods_supported": ["S256"],
        }


class _Handler(BaseHTTPRequestHandler):
    provider: Provider
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        pass

    def _begin(self) -> tuple[str, dict[str, str]]:
        parts = urlsplit(self.path)
        return parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()}

    def _answer(self, status: int, body: bytes, kind: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Access-Control-Allow-Headers", "*")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _away(self) -> bool:
        if self.provider.away:
            self.close_connection = True
            self.connection.close()
        return self.provider.away

    def do_OPTIONS(self) -> None:
        if not self._away():
            self._answer(204, b"")

    def do_GET(self) -> None:
        if self._away():
            return
        path, asked = self._begin()
        self.provider.asked.append(path if asked.get("prompt") != "none" else f"{path} without a word")
        if path == "/.well-known/openid-configuration":
            self._answer(200, json.dumps(self.provider.document()).encode())
        elif path == "/keys":
            self._answer(200, json.dumps({"keys": [published("ES256", self.provider.key)]}).encode())
        elif path == "/authorize":
            self._authorize(asked)
        elif path == "/end":
            self.provider.sessions.clear()
            self._go(asked["post_logout_redirect_uri"])
        else:
            self._answer(404, b"{}")

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        form = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
        if self._away():
            return
        path, asked = self._begin()
        self.provider.asked.append(" ".join(("POST", path, form.get("grant_type", ""))).rstrip())
        if path == "/token":
            status, answer = self.provider.exchange(form)
            self._answer(status, json.dumps(answer).encode())
        elif path == "/revoke":
            self.provider.renewals.pop(form["token"], None)
            self._answer(200, b"")
        else:
            subject = form["name"].lower()
            session = secrets.token_hex(8)
            self.provider.sessions[session] = subject
            self._send_back(asked, subject, Set_Cookie=f"session={session}; Path=/; HttpOnly")

    def _authorize(self, asked: dict[str, str]) -> None:
        known = asked.get("client_id") == CLIENT and asked.get("redirect_uri") in self.provider.redirects
        if (
            not known
            or asked.get("code_challenge_method") != "S256"
            or not asked.get("state")
            or not asked.get("nonce")
        ):
            self.provider.wrong.append(f"a request that is not as it should be: {asked}")
            self._answer(400, b"{}")
            return
        cookie = SimpleCookie(self.headers.get("Cookie", "")).get("session")
        if (self.headers.get("Sec-Fetch-Dest"), self.headers.get("Sec-Fetch-Site")) == ("iframe", "cross-site"):
            cookie = (
                None  # as in browsers that keep cookies from frames of another site; the one of these tests does not
            )
        subject = self.provider.sessions.get(cookie.value) if cookie else None
        if self.provider.refuses:
            self._go_back(asked, error=self.provider.refuses, error_description="The club says no")
        elif subject and asked.get("prompt") != "login":
            self._send_back(asked, subject)
        elif asked.get("prompt") == "none":
            self._go_back(asked, error="login_required")
        else:
            self._answer(200, LOGIN.encode(), "text/html")

    def _send_back(self, asked: dict[str, str], subject: str, **headers: str) -> None:
        self._go_back(asked, headers, code=self.provider.code_for(asked, subject))

    def _go_back(self, asked: dict[str, str], headers: dict[str, str] | None = None, **said: str) -> None:
        self._go(f"{asked['redirect_uri']}?{urlencode({**said, 'state': asked['state']})}", headers)

    def _go(self, address: str, headers: dict[str, str] | None = None) -> None:
        self._answer(302, b"", "text/plain", Location=address, **(headers or {}))


@contextmanager
def providing(people: dict[str, dict[str, Any]]) -> Iterator[Provider]:
    """Run the identity provider on a port of this machine until the block ends."""
    provider = Provider(people)
    handler = type("Handler", (_Handler,), {"provider": provider})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    provider.url = f"http://localhost:{server.server_port}"
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
