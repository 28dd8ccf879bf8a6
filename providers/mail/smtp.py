"""Handing e-mails to a mail server, one connection for each, and telling what it said."""

from datetime import timedelta
from email.utils import parseaddr
from ssl import SSLContext
from urllib.parse import unquote, urlsplit

import aiosmtplib
from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from kit.clock import Clock
from kit.sending import Mail, Outcome, Verdict
from providers.mail.writing import message_of

TIMEOUT = 30.0
"""Seconds for each answer of the server."""
FOR_GOOD = 500


class Smtp:
    """A mail server. It signs nothing: DKIM is the relay's."""

    def __init__(
        self, url: str, *, sender: str, clock: Clock, tls: SSLContext | None = None, timeout: float = TIMEOUT
    ) -> None:
        """Take its address and ours; nothing is asked yet. `smtps` is TLS from the first byte, `smtp` where offered."""
        parts = urlsplit(url)
        self._secure = parts.scheme == "smtps"
        self._host, self._port = parts.hostname or "", parts.port or (465 if self._secure else 587)
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._sender, self._clock, self._tls, self._timeout = sender, clock, tls, timeout

    def __repr__(self) -> str:
        return f"<Smtp {self._host}:{self._port}>"

    async def carry(self, mail: Mail) -> Outcome:
        """Hand an e-mail over. Gives what became of it, and raises nothing for what the server says or does."""
        message = message_of(mail, sender=self._sender, now=self._clock()).as_bytes()
        server = aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            use_tls=self._secure,
            username=self._user,
            password=self._password,
            tls_context=self._tls,
            timeout=self._timeout,
        )
        try:
            return await self._talk(server, mail.to, message)
        except SMTPAuthenticationError as error:
            return Outcome(verdict=Verdict.LATER, said=str(error.code))  # it is the operator's to mend
        except SMTPResponseException as error:
            return _said(error.code, Verdict.REFUSED)
        except (SMTPException, OSError, TimeoutError) as error:
            return Outcome(verdict=Verdict.LATER, said=type(error).__name__)
        finally:
            server.close()

    async def _talk(self, server: aiosmtplib.SMTP, to: str, message: bytes) -> Outcome:
        await server.connect()
        await server.mail(parseaddr(self._sender)[1])
        try:
            await server.rcpt(to)
        except SMTPRecipientRefused as error:
            return _said(error.code, Verdict.NO_SUCH_ADDRESS)
        try:
            code = (await server.data(message)).code
        except (SMTPServerDisconnected, SMTPTimeoutError, OSError) as error:
            return Outcome(verdict=Verdict.LOST, said=type(error).__name__)
        return Outcome(verdict=Verdict.TAKEN, said=str(code))


def _said(code: int, for_good: Verdict) -> Outcome:
    verdict = for_good if code >= FOR_GOOD else Verdict.LATER
    after = timedelta(minutes=1) if verdict is Verdict.LATER else None
    return Outcome(verdict=verdict, after=after, said=str(code))
