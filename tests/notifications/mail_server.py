"""A mail server on loopback that does what it is told to, faults included, and keeps what it takes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from kit.clock import Clock
from providers.mail.smtp import Smtp
from tests.loopback import listening
from tests.patience import PATIENCE

BREAK, SILENCE = "break", "silence"
OK = {"EHLO": "250 mail.example", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on", "END": "250 taken"}


@dataclass
class MailServer:
    """The server: what it answers at each step, and what it has taken."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    """What it says in place of yes, by the step: a line, BREAK or SILENCE."""
    taken: list[EmailMessage] = field(default_factory=list)
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once a whole message has come in."""

    def carrier(self, clock: Clock) -> Smtp:
        url, is_silent = f"smtp://127.0.0.1:{self.port}", SILENCE in self.answers.values()
        timeout = 1.0 if is_silent else PATIENCE  # whoever answers has all the time that a slow machine takes
        return Smtp(url, sender="Old Course <golf@club.example>", clock=clock, timeout=timeout)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await self._talk(reader, writer)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example\r\n")
        while line := await reader.readline():
            step = line[:4].decode().upper().strip()
            if step == "QUIT":
                return
            if not await self._answer(step, writer):
                return
            if step == "DATA" and self._said(step).startswith("354"):
                message = await reader.readuntil(b"\r\n.\r\n")
                self.reached.set()
                if self._said("END").startswith("250") or "END" in self.answers:
                    parsed = message_from_bytes(message.removesuffix(b".\r\n"), policy=default)
                    self.taken.append(parsed)
                if not await self._answer("END", writer):
                    return

    def _said(self, step: str) -> str:
        return self.answers.get(step, OK.get(step, "250 ok"))

    async def _answer(self, step: str, writer: asyncio.StreamWriter) -> bool:
        said = self._said(step)
        if said == SILENCE:
            await asyncio.Event().wait()
        if said == BREAK:
            return False
        writer.write(f"{said}\r\n".encode())
        await writer.drain()
        return True


@asynccontextmanager
async def mail_server(**answers: str) -> AsyncIterator[MailServer]:
    """Run one until the block ends."""
    server = MailServer(answers=answers)
    async with listening(server.serve) as server.port:
        yield server
