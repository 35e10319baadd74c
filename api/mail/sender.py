"""Sending mail: over SMTP, into the demo's inbox, or not at all."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

log = logging.getLogger("kierto.mail")
_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, in both forms."""

    to: str
    subject: str
    text: str
    html: str
    at: datetime


class Sender(Protocol):
    """Sends one mail; raises nothing, for nobody waits for it."""

    async def send(self, mail: Mail) -> None:
        """Send it, or log that it could not be sent."""
        ...


class NoMail:
    """Mail is not configured; the start has said so."""

    async def send(self, mail: Mail) -> None:
        """Send nothing."""
        log.warning("a mail was not sent: KIERTO_SMTP_URL is not set")


class DemoInbox:
    """Keeps the newest mails in memory, for the page `/demo/inbox`."""

    def __init__(self, size: int = 50) -> None:
        self._mails: deque[Mail] = deque(maxlen=size)

    async def send(self, mail: Mail) -> None:
        """Keep it."""
        self._mails.appendleft(mail)

    @property
    def mails(self) -> Sequence[Mail]:
        """Newest first."""
        return tuple(self._mails)


class SmtpSender:
    """Sends over SMTP: `smtp://` takes STARTTLS where it is offered, `smtps://` begins with TLS."""

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        self._tls = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (465 if self._tls else 587 if parts.username else 25)
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._sender = sender

    async def send(self, mail: Mail) -> None:
        """Send it; a failure is logged without the address and what was written."""
        try:
            await aiosmtplib.send(
                self._message(mail),
                hostname=self._host,
                port=self._port,
                username=self._user,
                password=self._password,
                use_tls=self._tls,
                timeout=_SECONDS,
            )
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            log.error("a mail could not be sent over %s:%s: %s", self._host, self._port, type(error).__name__)  # noqa: TRY400

    def _message(self, mail: Mail) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = mail.to
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(mail.at)
        message["Message-ID"] = make_msgid(domain="kierto")
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        return message
