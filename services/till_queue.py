"""A till's book at work: opened at sign-in, sent in the background, and shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import ValidationError

from contract.money import Money
from contract.sign_in import Staff
from contract.till_kit import TillKey, TillKit
from services.clock import Clock
from services.gateway import Gateway
from services.offline_sales import QueueItem, item_of
from services.retry import Backoff
from services.shelf import Shelf
from services.state import TillStatus
from services.till_book import TillBook
from services.till_offline import OfflineDesk
from services.till_sender import TillSender

CLOCK_TRUSTED = timedelta(minutes=2)
"""A till's clock that is off by less is right: nothing of a sale depends on it."""


class TillQueue:
    """What a till does without a network, for whoever is signed in. It is open from `enter` to `leave`."""

    def __init__(
        self,
        gateway: Gateway,
        clock: Clock,
        *,
        skew: Callable[[], timedelta],
        signer: Callable[[], TillKey | None],
        lost: Callable[[], None],
        show: Callable[[TillStatus], None],
        shelf: Shelf,
        retry: Backoff | None = None,
    ) -> None:
        self._shelf = shelf
        self._gateway = gateway
        self._clock = clock
        self._skew = skew
        self._signer = signer
        self._lost = lost
        self._show = show
        self._retry = retry
        self._book: TillBook | None = None
        self._sender: TillSender | None = None
        self._parsed: tuple[str, TillKit] | None = None

    async def enter(self, staff: Staff, folder: Path) -> None:
        """Open the book of this store's till, and go on sending what waits in it."""
        book = await TillBook.open(TillBook.path_for(folder, staff.programme_name, staff.store_id))
        self._book, self._parsed = book, None
        self._sender = TillSender(
            book, self._gateway, self._clock, changed=self.tell, lost=self._lost, backoff=self._retry
        )
        await self.tell()
        self._sender.start()

    async def leave(self) -> None:
        """Close the book; what waits in it stays."""
        sender, book = self._sender, self._book
        self._sender = self._book = None
        if sender is not None:
            await sender.stop()
        if book is not None:
            await book.close()

    def wake(self) -> None:
        """There is something to send, or a network to send by."""
        if self._sender is not None:
            self._sender.wake()

    @property
    def book(self) -> TillBook | None:
        """The open book."""
        return self._book

    @property
    def signer(self) -> TillKey | None:
        """What receipts are signed with."""
        return self._signer()

    async def desk(self) -> OfflineDesk | None:
        """What can be done by the book alone; None without a kit, or without a key to sign with."""
        book = self._book
        if book is None or self._signer() is None:
            return None
        kept = await book.kit()
        kit = None if kept is None else self._parse(kept[0], kept[1])
        if kept is None or kit is None:
            return None
        age = self._clock.now() - datetime.fromisoformat(kept[2])
        return OfflineDesk(book, kit, age, self._skew())

    async def items(self) -> list[QueueItem]:
        """The queue: what needs a look, what waits, and what was posted lately."""
        return [] if self._book is None else [item_of(row) for row in await self._book.listed()]

    async def item(self, key: str) -> QueueItem | None:
        """One receipt of the queue."""
        row = None if self._book is None else await self._book.of_key(key)
        return None if row is None else item_of(row)

    async def see(self, keys: Iterable[str]) -> None:
        """A cashier has read what came of these receipts."""
        if self._book is not None:
            await self._book.see(keys)
            await self.tell()

    async def tell(self) -> None:
        """Show how the queue stands."""
        if self._book is None:
            return
        book = self._book
        counts, kept, (_, spent) = await book.counts(), await book.kit(), await book.spent("")
        kit = None if kept is None else self._parse(kept[0], kept[1])
        off = -self._skew()
        status = TillStatus(
            waiting=counts.waiting,
            posted=counts.posted,
            problems=counts.problems,
            kit_at=None if kept is None else datetime.fromisoformat(kept[2]),
            shelf_at=self._shelf.at,
            products=len(self._shelf),
            shelf=self._shelf.version,
            clock_off=off if abs(off) >= CLOCK_TRUSTED else timedelta(0),
        )
        if kit is not None:
            limits, currency = kit.rules.offline, kit.rules.currency
            left = max(0, limits.spend_per_till - spent)
            each = Money(amount=limits.spend_per_member, currency=currency)
            status = replace(status, spend_each=each, spend_left=Money(amount=left, currency=currency))
        self._show(status)

    def _parse(self, version: str, text: str) -> TillKit | None:
        if self._parsed is None or self._parsed[0] != version:
            try:
                self._parsed = (version, TillKit.model_validate_json(text))
            except ValidationError:  # of another app: it is fetched anew
                return None
        return self._parsed[1]
