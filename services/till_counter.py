"""Who stands at the till, and how it reaches the API: what selling and refunding have in common."""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from contract.errors import ErrorCode
from contract.sign_in import Staff
from contract.till import Identification
from contract.till_kit import TillKey
from contract.wallet import Receipt
from services.clock import Clock
from services.errors import Offline, Refused, refusal
from services.gateway import Gateway
from services.offline_sales import Known, OfflineReceipt
from services.remembered import Cache, PostRow
from services.retry import Backoff
from services.sales import Draft, Sale
from services.shelf import Shelf
from services.state import TillStatus
from services.till_queue import TillQueue


class TillCounter:
    """The cashier, the customer in hand, the writes that are not answered yet, and whether the API answers."""

    patience = 5.0
    """Seconds that a customer waits for an answer before the till goes on without one."""

    def __init__(
        self,
        gateway: Gateway,
        clock: Clock,
        device_id: str,
        lost: Callable[[], None],
        *,
        skew: Callable[[], timedelta],
        signer: Callable[[], TillKey | None],
        show: Callable[[TillStatus], None],
        shelf: Shelf,
        retry: Backoff | None = None,
    ) -> None:
        self.queue = TillQueue(gateway, clock, skew=skew, signer=signer, lost=lost, show=show, shelf=shelf, retry=retry)
        self._shelf = shelf
        self._gateway = gateway
        self._clock = clock
        self._skew = skew
        self._mark = hashlib.sha256(device_id.encode()).hexdigest()[:3].upper()
        self._lost = lost
        self._staff: Staff | None = None
        self._cache: Cache | None = None
        self._found: Identification | None = None
        self._found_number = ""
        self._away = False
        self._posting: dict[Sale, asyncio.Task[Receipt | OfflineReceipt]] = {}
        self._last: tuple[Sale, Receipt | OfflineReceipt] | None = None
        self._one_at_a_time = asyncio.Lock()

    async def enter(self, staff: Staff, cache: Cache, folder: Path) -> None:
        """Someone signed in at this till; `folder` is the device's."""
        self._staff, self._cache, self._last = staff, cache, None
        await self.queue.enter(staff, folder)
        await self._shelf.enter(staff, folder, self.queue.tell)

    async def leave(self) -> None:
        """Nobody is signed in. A confirm on its way still ends by itself; what waits in the queue stays."""
        self._staff, self._cache, self._last, self._found = None, None, None, None
        await self._shelf.leave()
        await self.queue.leave()

    def noticed(self, *, online: bool) -> None:
        """Whether the API answers: without it the till does not ask."""
        self._away = not online
        if online:
            self.queue.wake()
            self._shelf.wake()

    def _known(self, draft: Draft) -> Known | None:
        """This very customer, if the API has named her and lets her spend, with what she may without being asked."""
        found = self._found
        if found is None or found.identification != draft.identification or not found.can_spend:
            return None
        return Known(min(found.wallet.available.amount, found.spend_limit.amount), self._found_number)

    def _post(self, kind: str, subject: str, body: str, draft: str) -> PostRow:
        return PostRow(str(uuid.uuid4()), kind, subject, body, draft, self._clock.now().isoformat())

    async def _kept(self, kind: str, which: Callable[[PostRow], bool] = lambda _: True) -> PostRow | None:
        _, cache = self._desk()
        return next((row for row in await cache.posts() if row.kind == kind and which(row)), None)

    def _desk(self) -> tuple[Staff, Cache]:
        if self._staff is None or self._cache is None:
            raise Refused(refusal(ErrorCode.NOT_SIGNED_IN, status=401))
        return self._staff, self._cache

    @contextmanager
    def _noticing(self) -> Iterator[None]:
        """Whoever watches the connection hears at once that it is gone. No answer within patience is none."""
        try:
            yield
        except (Offline, TimeoutError) as error:
            self._away = True
            self._lost()
            raise (error if isinstance(error, Offline) else Offline("no answer in time")) from None
