"""Where a session keeps its secrets and its preferences: the browser's or the device's own store."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Iterable
from typing import Any, Protocol

import flet as ft

from services.vault import Vault

log = logging.getLogger("kierto.storage")
PREFIX = "kierto."
DEVICE = "device"


class KeyStore(Protocol):
    """What Flet's services that keep texts on a device have in common."""

    async def get(self, key: str) -> Any:
        """What is kept under a key, or None."""

    async def set(self, key: str, value: str) -> Any:
        """Keep a text."""

    async def remove(self, key: str) -> Any:
        """Forget a key."""


def store_of(page: ft.Page) -> KeyStore:
    """The keychain or key store of a device; localStorage in a browser, which has nothing stronger."""
    if page.web:
        return ft.SharedPreferences()
    from flet_secure_storage import SecureStorage  # noqa: PLC0415 - a host of web pages does without

    return KeyRing(SecureStorage())


class KeyRing:
    """A device's secure storage. Where it refuses, what is told lasts until the app ends, and nothing is written."""

    def __init__(self, store: KeyStore) -> None:
        self._store = store
        self._refused: dict[str, str] | None = None

    async def get(self, key: str) -> str | None:
        """What is kept under a key, or None."""
        if self._refused is None:
            try:
                found: str | None = await self._store.get(key)
            except (RuntimeError, TimeoutError) as error:
                self._is_refused(error)
            else:
                return found
        return (self._refused or {}).get(key)

    async def set(self, key: str, value: str) -> None:
        """Keep a text."""
        if self._refused is None:
            try:
                await self._store.set(key, value)
            except (RuntimeError, TimeoutError) as error:
                self._is_refused(error)
            else:
                return
        if self._refused is not None:
            self._refused[key] = value

    async def remove(self, key: str) -> None:
        """Forget a key, also where it was kept before the store began to refuse."""
        if self._refused is not None:
            self._refused.pop(key, None)
        try:
            await self._store.remove(key)
        except (RuntimeError, TimeoutError) as error:
            self._is_refused(error)

    def _is_refused(self, error: Exception) -> None:
        if self._refused is None:
            self._refused = {}
            what = type(error).__name__  # its words may hold what was to be kept
            log.warning("this device keeps no secrets (%s): whoever signs in stays so until the app ends", what)


class StoredVault:
    """A vault over one of Flet's services.

    Args:
        store: That service.
        ahead: Keys to ask for at once, each for the first who wants it: every question is a way to the browser and
            back, and a start that asks one after the other stands still that often.
    """

    def __init__(self, store: KeyStore, ahead: Iterable[str] = ()) -> None:
        self._store = store
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
        await self._store.set(PREFIX + key, value)

    async def delete(self, key: str) -> None:
        """Forget a key."""
        self._forget(key)
        await self._store.remove(PREFIX + key)

    async def _ask(self, key: str) -> str | None:
        value = await self._store.get(PREFIX + key)
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
