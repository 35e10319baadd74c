"""The catalogue on this device: fetched page by page, then its changes; products are found without a network."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from contract import gs1
from contract.catalogue import Catalogue, Category, Product
from contract.gs1 import NoProductCode, ScannedProduct
from contract.sign_in import Staff
from services.cache import CacheClosed, CacheFull
from services.errors import Offline, Refused
from services.gateway import Gateway
from services.retry import Backoff
from services.shelf_file import About, Fetch, ShelfFile

log = logging.getLogger("kierto.shelf")

EVERY = 60.0
"""Seconds between two questions for changes."""
BREATH = 0.05
"""Seconds between two pages, so that a store's tills leave room for its customers."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """A product code that was read: what it says, and the product, when the catalogue has it."""

    code: ScannedProduct
    product: Product | None

    @property
    def shown(self) -> str:
        """The code as it is printed on the product."""
        return gs1.short(self.code.gtin)


class Shelf:
    """What the shop sells. Open from `enter` to `leave`; in between it asks for changes by itself."""

    def __init__(self, gateway: Gateway, now: Callable[[], datetime]) -> None:
        self._gateway = gateway
        self._now = now
        self._file: ShelfFile | None = None
        self._about = About()
        self._loose: dict[str, Product] = {}
        self._changed: Callable[[], Awaitable[None]] | None = None
        self._fetching = asyncio.Lock()
        self._wanted = asyncio.Event()
        self._behind = False
        self._task: asyncio.Task[None] | None = None

    @property
    def categories(self) -> tuple[Category, ...]:
        """The categories in the programme's order; none before the first fetch."""
        return self._about.categories

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that a line may have."""
        return self._about.tags

    @property
    def version(self) -> int:
        """The catalogue's version on this device; 0 before the first fetch."""
        return self._about.version

    @property
    def at(self) -> datetime | None:
        """When it was last found to be the newest."""
        return self._about.at

    def __len__(self) -> int:
        return self._about.count

    def products(self, text: str, most: int = 50) -> list[Product]:
        """Products whose name, brand or code has all words of a text, by name."""
        words = text.lower().split()
        if self._file is not None:
            return self._file.search(words, most)
        found = [
            each
            for each in self._loose.values()
            if all(word in f"{each.name} {each.brand} {each.gtin}".lower() for word in words)
        ]
        return sorted(found, key=lambda each: each.name.lower())[:most]

    def find(self, text: str) -> Scanned | None:
        """What a scanned text says of a product; None when it is no product code."""
        try:
            code = gs1.parse(text)
        except NoProductCode:
            return None
        return Scanned(code, self._loose.get(code.gtin) if self._file is None else self._file.product(code.gtin))

    async def enter(self, staff: Staff, folder: Path, changed: Callable[[], Awaitable[None]]) -> None:
        """Take up what this device kept of a store's catalogue, and go on fetching. `changed` hears of news."""
        await self.leave()
        self._file = await ShelfFile.open(ShelfFile.path_for(folder, staff.programme_name, staff.store_id))
        self._about, self._changed = await self._file.about(), changed
        self._task = asyncio.create_task(self._run(), name="kierto shelf")

    async def leave(self) -> None:
        """Stop, and close the file; it stays."""
        task, file = self._task, self._file
        self._task = self._file = None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        if file is not None:
            await file.close()
        self._about = About()

    def wake(self) -> None:
        """There is a network again, if there was none."""
        if self._behind:
            self._wanted.set()

    async def refresh(self) -> None:
        """Fetch what has changed, and keep it. Raises Refused or Offline; what came is kept, and gone on from later."""
        async with self._fetching:
            if self._file is None:
                return
            with suppress(CacheClosed):  # signed out meanwhile
                await self._fetch(self._file)

    async def _fetch(self, file: ShelfFile) -> None:
        about = await file.about()
        fetch = about.fetch or Fetch(since=about.version, epoch=about.epoch, round=about.round)
        while True:
            page = await self._gateway.catalogue(fetch.since, fetch.after, fetch.epoch)
            if fetch.after and (page.epoch != fetch.epoch or page.version < fetch.version):
                fetch = Fetch(round=fetch.round)  # of another database since: all anew
                continue
            if not fetch.after:
                # what changes while the pages come has a newer version than the first of them, and comes with the next
                turn = about.round + 1 if page.full else about.round
                since = 0 if page.full else fetch.since
                fetch = Fetch(since=since, version=page.version, epoch=page.epoch, round=turn)
            if not page.more:
                break
            fetch = fetch.model_copy(update={"after": _last(page)})
            await file.take(page, fetch)
            await asyncio.sleep(BREATH)
        if page.full or fetch.after or fetch.version != about.version or page.products or page.removed:
            await file.finish(page, fetch, self._now())
        else:
            await file.confirm(self._now())
        self._about = await file.about()
        if self._changed is not None:
            await self._changed()

    async def _run(self) -> None:
        failures, backoff = 0, Backoff(first=0.5, most=30.0)
        while True:
            self._wanted.clear()
            try:
                await self.refresh()
                failures, wait = 0, EVERY
            except (Offline, CacheFull):
                failures, wait = failures + 1, backoff.wait(failures + 1)
            except Refused as error:
                log.warning("the API gives no catalogue: %s", error.code)
                failures, wait = failures + 1, EVERY
            except Exception:
                log.exception("the catalogue could not be fetched")
                failures, wait = failures + 1, EVERY
            self._behind = failures > 0
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._wanted.wait()

    def _take(self, catalogue: Catalogue) -> None:
        """Hold a catalogue in memory alone, for who has no place to keep it."""
        self._loose = {each.gtin: each for each in catalogue.products}
        self._about = About(
            version=catalogue.version,
            categories=tuple(catalogue.categories),
            tags=tuple(catalogue.tags),
            count=len(self._loose),
        )


def _last(page: Catalogue) -> str:
    return max([*(each.gtin for each in page.products), *page.removed])
