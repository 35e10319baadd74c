"""One signed-in account at work: its cache, its mirror, its outbox and its sync, and what they show."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from contract.confirmations import SpendRequest
from contract.errors import ErrorCode
from contract.wallet import Purchase
from services.cache import CacheClosed
from services.clock import Clock
from services.errors import Refused
from services.gateway import Gateway
from services.mirror import Mirror, Snapshot
from services.outbox import Outbox, as_if_done
from services.remembered import Cache
from services.state import ActionKind, Asked, Storage
from services.sync import MemberStep, Sync, Timing

PAGE = 50
"""Older purchases brought at once."""
FIRST = 12
"""Purchases that a start takes from the cache: what the first screen shows, and some."""
KEPT = 100
"""Purchases taken once that screen is there: a long history is brought as it is asked for."""


class Account:
    """Works for one account from sign-in, or start, to sign-out. Made by `open`."""

    def __init__(
        self,
        cache: Cache,
        *,
        kind: Literal["member", "staff"],
        gateway: Gateway,
        clock: Clock,
        timing: Timing,
        show: Callable[..., None],
    ) -> None:
        self.cache = cache
        self.mirror = Mirror(cache)
        self.skew = timedelta(0)
        self._gateway = gateway
        self._clock = clock
        self._tell = show
        self._outbox = Outbox(cache, self.mirror, gateway, clock)
        self.asked: tuple[Asked, ...] = ()
        self._answered: set[str] = set()
        self._offline_since: datetime | None = None
        self._snapshot = Snapshot()
        self._wanted: int | None = FIRST
        self._no_room = False
        self._paging = asyncio.Lock()
        self._showing = asyncio.Lock()
        member = kind == "member"
        self.sync = Sync(
            MemberStep(gateway, self.mirror, self._outbox, clock, self.show, self._note) if member else self._look,
            clock=clock,
            timing=timing,
            heard=self._heard,
            lost=self._lost,
            no_room=self._full,
            events=gateway if member else None,
        )

    @classmethod
    async def open(
        cls,
        path: Path,
        *,
        kind: Literal["member", "staff"],
        gateway: Gateway,
        clock: Clock,
        timing: Timing,
        show: Callable[..., None],
    ) -> Account:
        """Open the account's cache."""
        return cls(await Cache.open(path), kind=kind, gateway=gateway, clock=clock, timing=timing, show=show)

    async def close(self) -> None:
        """Stop the sync and close the cache."""
        await self.sync.stop()
        await self.cache.close()

    async def show(self, **news: Any) -> None:
        """Tell the state that the cache is in."""
        async with self._showing:  # read and told in one turn, so that nothing older is told last
            snapshot = self._snapshot = await self.mirror.snapshot(self._wanted)
            pending, refused = await self._outbox.show()
            self.skew = snapshot.skew
            self._tell(
                profile=snapshot.profile,
                wallet=snapshot.wallet,
                lots=snapshot.lots,
                purchases=snapshot.purchases,
                offers=as_if_done(snapshot.offers, pending),
                has_older_purchases=snapshot.more_kept or snapshot.older is not None,
                staff=snapshot.staff,
                fetched_at=snapshot.fetched_at,
                pending=pending,
                refused=refused,
                storage=self._storage(snapshot),
                asked=self.asked,
                **news,
            )

    def _note(self, requests: Sequence[SpendRequest]) -> None:
        """What tills ask now; how long each may be answered is kept as it was first heard, however the clock is set."""
        known = {each.request.confirmation_id: each for each in self.asked}
        skew = self.skew if self._gateway.skew is None else self._gateway.skew
        self.asked = tuple(
            known.get(each.confirmation_id) or Asked(each, each.answer_by - skew)
            for each in requests
            if each.confirmation_id not in self._answered
        )

    def answered(self, confirmation_id: str) -> None:
        """A request that is settled is shown no more, also when an answer that was under way still names it."""
        self._answered.add(confirmation_id)
        self.asked = tuple(each for each in self.asked if each.request.confirmation_id != confirmation_id)

    def _storage(self, snapshot: Snapshot) -> Storage:
        if self._no_room:
            return "full"
        return "rebuilt" if self.cache.rebuilt == "corrupt" and snapshot.fetched_at is None else "good"

    async def act(self, kind: ActionKind, offer_id: str) -> None:
        """Queue an action, show it as done, and have it sent."""
        await self._outbox.put(kind, offer_id, self._snapshot.offers)
        await self.show()
        self.sync.wake()

    async def dismiss(self, key: str) -> None:
        """Forget a refused action."""
        await self._outbox.dismiss(key)
        await self.show()

    async def load_older(self) -> None:
        """The next page of older purchases, from the cache and then from the API."""
        async with self._paging:
            now = await self.mirror.snapshot(self._wanted)
            if not now.more_kept:
                if now.older is None:
                    return
                page = await self._gateway.my_purchases(now.older, limit=PAGE)
                await self.mirror.add_page(page, asked_at=now.older)
            self._take_more((self._wanted or 0) + PAGE)
        await self.show()

    def _take_more(self, purchases: int) -> None:
        if self._wanted is not None:
            self._wanted = max(self._wanted, purchases)

    async def show_all_kept(self) -> None:
        """Bring every purchase that the cache has: someone searches among them."""
        if self._wanted is not None and self._snapshot.more_kept:
            self._wanted = None
            await self.show()

    async def purchase(self, purchase_id: str) -> Purchase | None:
        """One purchase, from the cache or else from the API."""
        kept = await self.mirror.purchase(purchase_id)
        if kept is not None:
            return kept
        try:
            found = await self._gateway.my_purchase(purchase_id)
        except Refused as error:
            if error.code is ErrorCode.NOT_FOUND:
                return None
            raise
        await self.mirror.keep_purchase(found)
        return found

    async def _look(self) -> bool:
        """A till's sync: is the API there?"""
        await self._gateway.health()
        await self.mirror.keep_facts(fetched_at=self._clock.now().isoformat())
        return True

    async def _heard(self) -> None:
        self._take_more(KEPT)
        self._no_room = False
        self._offline_since = None
        measured = self._gateway.skew
        if measured is not None and measured != self.skew:
            await self.mirror.keep_facts(skew=str(measured.total_seconds()))
        await self.show(connection="online", offline_since=None)

    async def _full(self) -> None:
        self._no_room = True
        await self.show()

    async def _lost(self) -> None:
        self._take_more(KEPT)
        if self._offline_since is None:
            self._offline_since = self._clock.now()
        try:
            await self.show(connection="offline", offline_since=self._offline_since)
        except CacheClosed:
            return
