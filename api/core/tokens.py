"""Tokens: a short-lived access token (JWT, HS256) and a long-lived refresh token that is stored as a hash only."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import jwt

ACCESS_SECONDS = 600
REFRESH_DAYS = 90
_ALGORITHM = "HS256"
_NONCE = 32
_MAC = 16
_REMEMBERED = 4_096


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """A refresh token as it travels, and what is stored of it."""

    text: str
    session_id: UUID

    @property
    def hash(self) -> bytes:
        """The 32 bytes that are stored."""
        return hashlib.sha256(self.text.encode()).digest()


class Tokens:
    """Makes and reads tokens with one key."""

    def __init__(self, key: bytes) -> None:
        self._access_key = hmac.digest(key, b"access-token", "sha256")
        self._refresh_key = hmac.digest(key, b"refresh-token", "sha256")
        # a device sends the same token for minutes: its seal is checked once, its end each time
        self._verified = lru_cache(maxsize=_REMEMBERED)(self._verify)

    def access(self, claims: dict[str, str | None], now: datetime) -> str:
        """An access token that lives ACCESS_SECONDS from `now`."""
        times = {"iat": int(now.timestamp()), "exp": int((now + timedelta(seconds=ACCESS_SECONDS)).timestamp())}
        return jwt.encode({**claims, **times}, self._access_key, algorithm=_ALGORITHM)

    def read_access(self, token: str, now: datetime) -> dict[str, Any] | None:
        """The claims of an access token, or None when it is not ours or is over at `now`. Do not change the claims."""
        try:
            claims = self._verified(token)
        except jwt.InvalidTokenError:
            return None
        return claims if now.timestamp() < claims["exp"] else None

    def _verify(self, token: str) -> dict[str, Any]:
        options: Any = {"verify_exp": False, "verify_iat": False, "require": ["exp", "sub", "session"]}
        return jwt.decode(token, self._access_key, algorithms=[_ALGORITHM], options=options)

    def refresh(self, session_id: UUID) -> RefreshToken:
        """A new refresh token: the session's id, 256 random bits, and a seal that no one else can set."""
        body = session_id.bytes + secrets.token_bytes(_NONCE)
        return RefreshToken(base64.urlsafe_b64encode(body + self._seal(body)).decode().rstrip("="), session_id)

    def read_refresh(self, text: str) -> RefreshToken | None:
        """A refresh token that was once given out, or None. Whether it still counts stands in the session's row."""
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        body, seal = raw[:-_MAC], raw[-_MAC:]
        if len(body) != 16 + _NONCE or not hmac.compare_digest(seal, self._seal(body)):
            return None
        return RefreshToken(text, UUID(bytes=body[:16]))

    def _seal(self, body: bytes) -> bytes:
        return hmac.digest(self._refresh_key, body, "sha256")[:_MAC]
