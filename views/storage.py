"""Where a session keeps its secrets and its preferences: the browser's or the device's own store."""

from __future__ import annotations

import uuid

import flet as ft

from services.vault import Vault

PREFIX = "kierto."
DEVICE = "device"


class PreferencesVault:
    """A vault over ``SharedPreferences``: localStorage in a browser."""

    def __init__(self, preferences: ft.SharedPreferences) -> None:
        self._preferences = preferences

    async def get(self, key: str) -> str | None:
        """The text under a key, or None."""
        value = await self._preferences.get(PREFIX + key)
        return value if isinstance(value, str) and value else None

    async def set(self, key: str, value: str) -> None:
        """Keep a text under a key."""
        await self._preferences.set(PREFIX + key, value)

    async def delete(self, key: str) -> None:
        """Forget a key."""
        await self._preferences.remove(PREFIX + key)


async def device_id(vault: Vault) -> str:
    """The name of this browser or device, made at its first visit: a reload and a new tab share it."""
    known = await vault.get(DEVICE)
    if known is not None and known.replace("-", "").isalnum() and len(known) <= 64:
        return known
    made = str(uuid.uuid4())
    await vault.set(DEVICE, made)
    return made
