"""Taking goods back at the till: find the purchase, see the effect, do it once."""

from __future__ import annotations

from datetime import datetime, timedelta

from contract.staff import Approval
from contract.till import RefundLine, RefundRequest, TillPurchases
from contract.wallet import Purchase, RefundReceipt
from services.finding import EVERY, Wanted
from services.sales import input_as_refusal, settling
from services.till_counter import TillCounter

REFUND_KEY_LIVES = timedelta(hours=24)
"""After that the same refund counts as a new one."""


class Refunding(TillCounter):
    """The store's purchases, and what can be taken back of them."""

    async def purchases(self, wanted: Wanted = EVERY, *, cursor: str | None = None) -> TillPurchases:
        """The store's purchases, newest first, or those that are meant."""
        self._desk()
        day = wanted.day.isoformat() if wanted.day is not None else None
        with self._noticing():
            return await self._gateway.till_purchases(cursor, wanted.receipt_number, wanted.member, day)

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

    async def refund(
        self,
        purchase_id: str,
        lines: list[RefundLine] | None = None,
        reason: str = "",
        approval: Approval | None = None,
    ) -> RefundReceipt:
        """Take a purchase back. The same call after Offline is retried with the same key; no PIN is kept."""
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
                    approved = request.model_copy(update={"approval": approval})
                    return await self._gateway.refund(purchase_id, approved, post.key)
