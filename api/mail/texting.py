"""Text messages, to whoever signs in by a phone number."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
from http.client import HTTPException
from urllib.parse import unquote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from api.mail.sender import Mail, Sender

log = logging.getLogger("kierto.mail")
_SECONDS = 20


class _NoRedirect(HTTPRedirectHandler):
    """A redirect would take a phone number, a code and the credentials to a host that nobody has set."""

    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        """Follow none, so that the answer is an error."""


class NoTexts:
    """No gateway is configured."""

    async def send(self, mail: Mail) -> None:
        """Send nothing."""
        log.warning("a text message was not sent: KIERTO_SMS_URL is not set")


class SmsGateway:
    """Hands each message to a gateway: `POST {"to": "+5511912345678", "text": "123456 is your code for .."}`.

    Any answer of 2xx says that it was taken. A user and a password in the URL become HTTP's basic authentication.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        self._url = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        self._opener = build_opener(_NoRedirect)
        self._headers = {"Content-Type": "application/json"}
        if parts.username:
            named = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self._headers["Authorization"] = f"Basic {base64.b64encode(named.encode()).decode()}"

    async def send(self, mail: Mail) -> None:
        """Send its subject, which is written to stand alone; a failure is logged without the number and the words."""
        try:
            await asyncio.to_thread(self._post, {"to": mail.to, "text": mail.subject})
        except (OSError, HTTPException) as error:  # an answer that is not 2xx is an OSError, too
            log.error("a text message could not be sent over %s: %s", self._host, type(error).__name__)  # noqa: TRY400

    def _post(self, message: dict[str, str]) -> None:
        asked = Request(self._url, json.dumps(message).encode(), self._headers)  # noqa: S310 - http(s), by the settings
        with self._opener.open(asked, timeout=_SECONDS) as answer:
            answer.read()


class ByContact:
    """Mail to an e-mail address, a text message to a phone number."""

    def __init__(self, mail: Sender, texts: Sender) -> None:
        self._mail, self._texts = mail, texts

    async def send(self, mail: Mail) -> None:
        """Send it in the way that reaches its contact."""
        await (self._texts if mail.to.startswith("+") else self._mail).send(mail)
