"""The till: identify, quote, confirm once, refund."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from contract import member_code
from contract.errors import ErrorCode
from contract.sign_in import Staff
from contract.till import (
    Identification,
    IdentifyRequest,
    PurchaseRequest,
    QuoteRequest,
    RefundLine,
    RefundRequest,
    TillPurchases,
    TillQuote,
)
from contract.wallet import Purchase, Receipt, RefundReceipt
from services.clock import Clock
from services.errors import Offline, Refused, refusal
from services.gateway import Gateway
from services.remembered import Cache, PostRow
from services.sales import DRAFT, SALE, Draft, Sale, input_as_refusal, settling

__all__ = ["Draft", "Till"]

_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
REFUND_KEY_LIVES = timedelta(hours=24)
"""After that the same refund counts as a new one."""


class Till:
    """What staff can do. Every call may raise Refused or Offline."""

    def __init__(self, gateway: Gateway, clock: Clock, device_id: str, lost: Callable[[], None]) -> None:
        self._gateway = gateway
        self._clock = clock
        self._mark = hashlib.sha256(device_id.encode()).hexdigest()[:3].upper()
        self._lost = lost
        self._staff: Staff | None = None
        self._cache: Cache | None = None
        self._posting: dict[Sale, asyncio.Task[Receipt]] = {}
        self._last: tuple[Sale, Receipt] | None = None
        self._one_at_a_time = asyncio.Lock()

    def enter(self, staff: Staff, cache: Cache) -> None:
        """Someone signed in at this till."""
        self._staff, self._cache, self._last = staff, cache, None

    def leave(self) -> None:
        """Nobody is signed in. A confirm on its way still ends by itself."""
        self._staff, self._cache, self._last = None, None, None

    async def settled(self, most: float) -> None:
        """Wait until no confirm is on its way, `most` seconds."""
        if self._posting:
            await asyncio.wait(self._posting.values(), timeout=most)

    def new_receipt_number(self) -> str:
        """A receipt number that no other till or day makes, such as ``261122-K7Q2M9-CENTRO-3F0``."""
        staff, _ = self._desk()
        day = self._clock.now().astimezone(ZoneInfo(staff.timezone))
        random = "".join(secrets.choice(_ALPHABET) for _ in range(6))
        return f"{day:%y%m%d}-{random}-{staff.store_id[:24].upper()}-{self._mark}"

    async def identify(self, code: str) -> Identification:
        """Who is at the till? `code` as scanned or typed; consumed by this call."""
        self._desk()
        try:
            text = member_code.parse(code).text
        except member_code.MalformedCode as error:
            raise Refused(refusal(ErrorCode.CODE_MALFORMED, detail=str(error))) from None
        with self._noticing():
            return await self._gateway.identify(IdentifyRequest(code=text), str(uuid.uuid4()))

    async def quote(self, draft: Draft) -> TillQuote:
        """What the basket earns and what may be spent on it. Writes nothing."""
        staff, _ = self._desk()
        with input_as_refusal():
            request = QuoteRequest(
                store_id=staff.store_id,
                at=draft.at,
                receipt_number=draft.receipt_number or "quote",
                lines=list(draft.lines),
                identification=draft.identification,
            )
        with self._noticing():
            return await self._gateway.quote(request)

    async def confirm(self, draft: Draft, redeem: int) -> Receipt:
        """Post the purchase, spending `redeem` minor units.

        Key and body are on disk before the first send. A second call with the same draft joins the one that runs, or
        returns the same receipt; after Offline it is retried with the same key. Refused forgets it.
        """
        sale = Sale(draft, redeem)
        if self._last is not None and self._last[0] == sale:
            return self._last[1]
        task = self._posting.get(sale)
        if task is None:
            task = asyncio.create_task(self._confirm(sale), name="kierto confirm")
            self._posting[sale] = task
            task.add_done_callback(lambda _: self._posting.pop(sale, None))
        return await asyncio.shield(task)  # a screen that goes away does not take the posting with it

    async def purchases(self, *, receipt_number: str | None = None, cursor: str | None = None) -> TillPurchases:
        """The store's purchases, newest first, or those with one receipt number."""
        self._desk()
        with self._noticing():
            return await self._gateway.till_purchases(cursor, receipt_number)

    async def purchase(self, purchase_id: str) -> Purchase:
        """One purchase of this store with its lines."""
        self._desk()
        with self._noticing():
            return await self._gateway.till_purchase(purchase_id)

    async def preview_refund(self, purchase_id: str, lines: list[RefundLine] | None = None) -> RefundReceipt:
        """What a refund would do; all of the purchase without `lines`. Writes nothing."""
        self._desk()
        with self._noticing():
            return await self._gateway.preview_refund(purchase_id, RefundRequest(lines=lines))

    async def refund(self, purchase_id: str, lines: list[RefundLine] | None = None, reason: str = "") -> RefundReceipt:
        """Take a purchase back. The same call after Offline is retried with the same key."""
        _, cache = self._desk()
        with input_as_refusal():
            request = RefundRequest(lines=lines, reason=reason)
        body = request.model_dump_json()
        async with self._one_at_a_time:
            post = await self._kept("refund", lambda row: row.subject == purchase_id and row.body == body)
            if post is not None and self._clock.now() - datetime.fromisoformat(post.at) > REFUND_KEY_LIVES:
                await cache.post_drop(post.key)
                post = None
            if post is None:
                post = self._post("refund", purchase_id, body, "")
                await cache.post_add(post)
            with self._noticing():
                async with settling(cache, post.key):
                    return await self._gateway.refund(purchase_id, request, post.key)

    async def unfinished(self) -> Draft | None:
        """The oldest confirm whose answer never came, also from before a restart; None when all are answered."""
        post = await self._kept("purchase")
        return None if post is None else _sale(post).draft

    async def resume(self) -> Receipt | None:
        """Post the unfinished confirm again with its stored key; None when there is none."""
        post = await self._kept("purchase")
        if post is None:
            return None
        sale = _sale(post)
        return await self.confirm(sale.draft, sale.redeem)

    async def set_aside(self) -> None:
        """Forget the unfinished confirm, by the cashier's decision: it may or may not have been posted."""
        post = await self._kept("purchase")
        if post is not None:
            await self._desk()[1].post_drop(post.key)

    async def keep_draft(self, draft: Draft | None) -> None:
        """Keep the sale being entered over a restart; None forgets it."""
        _, cache = self._desk()
        await cache.draft_keep("sale", None if draft is None else DRAFT.dump_json(draft).decode())

    async def kept_draft(self) -> Draft | None:
        """The sale that was being entered, if any."""
        text = await self._desk()[1].draft("sale")
        try:
            return None if text is None else DRAFT.validate_json(text)
        except ValidationError:  # of an older app
            return None

    async def _confirm(self, sale: Sale) -> Receipt:
        staff, cache = self._desk()
        stored = SALE.dump_json(sale).decode()
        async with self._one_at_a_time:
            post = await self._kept("purchase", lambda row: row.draft == stored)
            if post is None:
                body = self._body(staff, sale).model_dump_json()
                post = self._post("purchase", sale.draft.identification, body, stored)
                await cache.post_add(post)
            with self._noticing():
                async with settling(cache, post.key):
                    receipt = await self._gateway.post_purchase(post.body, post.key)
            self._last = (sale, receipt)
            return receipt

    def _body(self, staff: Staff, sale: Sale) -> PurchaseRequest:
        with input_as_refusal():
            return PurchaseRequest(
                store_id=staff.store_id,
                at=sale.draft.at,
                receipt_number=sale.draft.receipt_number or self.new_receipt_number(),
                lines=list(sale.draft.lines),
                identification=sale.draft.identification,
                redeem=sale.redeem,
            )

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
        """Whoever watches the connection hears at once that it is gone."""
        try:
            yield
        except Offline:
            self._lost()
            raise


def _sale(post: PostRow) -> Sale:
    return SALE.validate_json(post.draft)
