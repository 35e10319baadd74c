"""Where tokens and the code secret live: never in the cache."""

from __future__ import annotations

from typing import Protocol


class Vault(Protocol):
    """The platform's secure storage, given by whoever shows the screens."""

    async def get(self, key: str) -> str | None:
        """What is kept under `key`, or None."""

    async def set(self, key: str, value: str) -> None:
        """Keep `value` under `key`."""

    async def delete(self, key: str) -> None:
        """Forget `key`; nothing happens when it is not there."""


class MemoryVault:
    """A vault that lasts as long as the process: for tests and for tools."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    async def get(self, key: str) -> str | None:
        """What is kept under `key`, or None."""
        return self.kept.get(key)

    async def set(self, key: str, value: str) -> None:
        """Keep `value` under `key`."""
        self.kept[key] = value

    async def delete(self, key: str) -> None:
        """Forget `key`."""
        self.kept.pop(key, None)
