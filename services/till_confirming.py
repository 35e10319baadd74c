"""Confirming a sale exactly once: by the API where it answers, else signed and queued; asked again after a restart."""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from contract.sign_in import Staff
from contract.till import PurchaseRequest
from contract.wallet import Receipt
from services.cache import CacheClosed
from services.errors import Offline, Refused
from services.offline_sales import OfflineReceipt, Signer, is_offline, new_key
from services.remembered import Cache, PostRow
from services.sales import DRAFT, SALE, Draft, Sale, input_as_refusal, settling
from services.till_counter import TillCounter
from services.till_offline import OfflineDesk

_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"


class Confirming(TillCounter):
    """The sale in hand: kept while it is entered, posted once, whatever happens between."""

    def new_receipt_number(self) -> str:
        """A receipt number that no other till or day makes, such as ``261122-K7Q2M9-CENTRO-3F0``."""
        staff, _ = self._desk()
        day = self._clock.now().astimezone(ZoneInfo(staff.timezone))
        random = "".join(secrets.choice(_ALPHABET) for _ in range(6))
        return f"{day:%y%m%d}-{random}-{staff.store_id[:24].upper()}-{self._mark}"

    async def confirm(
        self, draft: Draft, redeem: int, points: int = 0, *, allowed: bool = False
    ) -> Receipt | OfflineReceipt:
        """Post the purchase, spending `redeem` minor units and `points`; `allowed` by the member, if above her limit.

        Key and body are on disk before the first send. Where no answer comes, the till signs it and keeps it in its
        queue. A second call with the same draft joins the one that runs, or returns the same receipt; after Offline
        (of a till that has no kit) it is retried with the same key. Refused forgets it.
        """
        sale = Sale(draft, redeem, points, allowed)
        if self._last is not None and self._last[0] == sale:
            return self._last[1]
        task = self._posting.get(sale)
        if task is None:
            task = asyncio.create_task(self._confirm(sale), name="kierto confirm")
            self._posting[sale] = task
            task.add_done_callback(lambda _: self._posting.pop(sale, None))
        return await asyncio.shield(task)  # a screen that goes away does not take the posting with it

    async def settled(self, most: float) -> None:
        """Wait until no confirm is on its way, `most` seconds."""
        if self._posting:
            await asyncio.wait(self._posting.values(), timeout=most)

    async def unfinished(self) -> Draft | None:
        """The oldest confirm whose answer never came, also from before a restart; None when all are answered."""
        _, cache = self._desk()
        for post in await cache.posts():
            if post.kind != "purchase":
                continue
            if await self.queue.item(post.key) is None:
                return _sale(post).draft
            await cache.post_drop(post.key)  # it was queued just before the till ended
        return None

    async def resume(self) -> Receipt | OfflineReceipt | None:
        """Post the unfinished confirm again with its stored key; None when there is none."""
        post = await self._kept("purchase")
        if post is None:
            return None
        sale = _sale(post)
        return await self.confirm(sale.draft, sale.redeem, sale.points, allowed=sale.allowed)

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

    async def _confirm(self, sale: Sale) -> Receipt | OfflineReceipt:
        async with self._one_at_a_time:
            receipt = await (self._queued(sale) if is_offline(sale.draft.identification) else self._posted(sale))
            self._last = (sale, receipt)
            return receipt

    async def _queued(self, sale: Sale) -> OfflineReceipt:
        """A sale whose member only a code names."""
        staff, _ = self._desk()
        desk = await self.queue.desk()
        if desk is None:
            raise Offline("no kit to sell by")
        number = sale.draft.receipt_number or self.new_receipt_number()
        body = desk.purchase(sale.draft, staff.store_id, number, sale.redeem)
        return await self._keep(desk, sale, body, new_key())

    async def _posted(self, sale: Sale) -> Receipt | OfflineReceipt:
        """A sale whose member the API has named: posted, or without an answer queued by the same key."""
        staff, cache = self._desk()
        stored = SALE.dump_json(sale, exclude_defaults=True).decode()
        post = await self._kept("purchase", lambda row: row.draft == stored)
        sent = post is not None
        if post is None:
            document = self._body(staff, sale).model_dump_json()
            post = self._post("purchase", sale.draft.identification, document, stored)
            await cache.post_add(post)
        desk = None if sale.needs_network else await self.queue.desk()
        if desk is None or not self._away:
            sent = True
            try:
                with self._noticing():
                    async with settling(cache, post.key), asyncio.timeout(None if desk is None else self.patience):
                        receipt = await self._gateway.post_purchase(post.body, post.key)
                        await self._forget(cache, sale.draft)  # first: a till that ends here asks again by this key
                        return receipt
            except Offline:
                if desk is None:
                    raise
        body = PurchaseRequest.model_validate_json(post.body)
        try:
            kept = await self._keep(desk, sale, body, post.key, perhaps_posted=sent)
        except Refused:
            if not sent:
                await cache.post_drop(post.key)
            raise
        await self._forget(cache, sale.draft)
        await cache.post_drop(post.key)
        return kept

    async def _forget(self, cache: Cache, draft: Draft) -> None:
        """A confirmed sale is no longer being entered, also for a till that ends before its screen has said so."""
        with suppress(CacheClosed):  # signed out meanwhile
            if await self.kept_draft() == draft:
                await cache.draft_keep("sale", None)

    async def _keep(
        self, desk: OfflineDesk, sale: Sale, body: PurchaseRequest, key: str, *, perhaps_posted: bool = False
    ) -> OfflineReceipt:
        key_of_till = self.queue.signer
        if key_of_till is None:
            raise Offline("no key to sign with")
        signer = Signer(key_of_till, self._desk()[0].staff_id)
        now, known = self._clock.now(), self._known(sale.draft)
        receipt = await desk.confirm(sale.draft, body, key, signer, now, known, perhaps_posted=perhaps_posted)
        self.queue.wake()
        await self.queue.tell()
        return receipt

    def _body(self, staff: Staff, sale: Sale) -> PurchaseRequest:
        with input_as_refusal():
            return PurchaseRequest(
                store_id=staff.store_id,
                at=sale.draft.at + self._skew(),
                receipt_number=sale.draft.receipt_number or self.new_receipt_number(),
                lines=list(sale.draft.lines),
                identification=sale.draft.identification,
                redeem=sale.redeem,
                redeem_points=sale.points,
            )


def _sale(post: PostRow) -> Sale:
    return SALE.validate_json(post.draft)
