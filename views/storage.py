"""Where a session keeps its secrets and its preferences: the browser's or the device's own store."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterable

import flet as ft

from services.vault import Vault

PREFIX = "kierto."
DEVICE = "device"


class PreferencesVault:
    """A vault over ``SharedPreferences``: localStorage in a browser.

    Args:
        preferences: Flet's service.
        ahead: Keys to ask for at once, each for the first who wants it: every question is a way to the browser and
            back, and a start that asks one after the other stands still that often.
    """

    def __init__(self, preferences: ft.SharedPreferences, ahead: Iterable[str] = ()) -> None:
        self._preferences = preferences
        self._ahead = {key: asyncio.ensure_future(self._ask(key)) for key in ahead}
        for asked in self._ahead.values():
            asked.add_done_callback(_heard)

    async def get(self, key: str) -> str | None:
        """The text under a key, or None."""
        asked = self._ahead.pop(key, None)
        return await (self._ask(key) if asked is None else asked)

    async def set(self, key: str, value: str) -> None:
        """Keep a text under a key."""
        self._forget(key)
        await self._preferences.set(PREFIX + key, value)

    async def delete(self, key: str) -> None:
        """Forget a key."""
        self._forget(key)
        await self._preferences.remove(PREFIX + key)

    async def _ask(self, key: str) -> str | None:
        value = await self._preferences.get(PREFIX + key)
        return value if isinstance(value, str) and value else None

    def _forget(self, key: str) -> None:
        asked = self._ahead.pop(key, None)
        if asked is not None:
            asked.cancel()


def _heard(asked: asyncio.Future[str | None]) -> None:
    """Who wants the answer hears of a failure; a browser that left before has nobody who does."""
    if not asked.cancelled():
        asked.exception()


async def device_id(vault: Vault) -> str:
    """The name of this browser or device, made at its first visit: a reload and a new tab share it."""
    known = await vault.get(DEVICE)
    if known is not None and known.replace("-", "").isalnum() and len(known) <= 64:
        return known
    made = str(uuid.uuid4())
    await vault.set(DEVICE, made)
    return made
