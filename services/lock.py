"""A locked till without a network: whether a PIN is that of who signed in here last. Kept in memory, as a slow hash."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets


class Lock:
    """Remembers the last number and PIN that the API took at this till, until the app ends."""

    def __init__(self) -> None:
        self._number = ""
        self._salt = b""
        self._hash = b""
        self._wrong = 0

    async def learn(self, number: str, pin: str) -> None:
        """The API took this number and PIN."""
        salt = secrets.token_bytes(16)
        self._number, self._salt, self._wrong = number, salt, 0
        self._hash = await asyncio.to_thread(_hash, pin, salt)

    async def fits(self, number: str, pin: str) -> bool:
        """Whether they are the same again; after five wrong tries nothing is, until the API has answered."""
        if not self._hash or number != self._number or self._wrong >= 5:
            return False
        fits = hmac.compare_digest(self._hash, await asyncio.to_thread(_hash, pin, self._salt))
        self._wrong = 0 if fits else self._wrong + 1
        return fits


def _hash(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=2**13, r=8, p=1)
