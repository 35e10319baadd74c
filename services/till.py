"""The till: identify, quote, confirm once, refund."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contract.basket import BasketLine
from contract.till import Identification, RefundLine, TillPurchases, TillQuote
from contract.wallet import Purchase, Receipt, RefundReceipt


@dataclass(frozen=True, slots=True)
class Draft:
    """A sale being entered. `receipt_number` may be empty: the till then makes one. `at` tells two sales apart."""

    identification: str
    member_name: str
    receipt_number: str
    lines: tuple[BasketLine, ...]
    at: datetime


class Till:
    """What staff can do. Every call may raise Refused or Offline."""

    def new_receipt_number(self) -> str:
        """A receipt number that no other till or day makes, such as ``261122-K7Q2M9-CENTRO``."""
        raise NotImplementedError

    async def identify(self, code: str) -> Identification:
        """Who is at the till? `code` as scanned or typed; consumed by this call."""
        raise NotImplementedError

    async def quote(self, draft: Draft) -> TillQuote:
        """What the basket earns and what may be spent on it. Writes nothing."""
        raise NotImplementedError

    async def confirm(self, draft: Draft, redeem: int) -> Receipt:
        """Post the purchase, spending `redeem` minor units.

        Key and body are on disk before the first send. A second call with the same draft joins the one that runs, or
        returns the same receipt; after Offline it is retried with the same key. Refused forgets it.
        """
        raise NotImplementedError

    async def purchases(self, *, receipt_number: str | None = None, cursor: str | None = None) -> TillPurchases:
        """The store's purchases, newest first, or those with one receipt number."""
        raise NotImplementedError

    async def purchase(self, purchase_id: str) -> Purchase:
        """One purchase of this store with its lines."""
        raise NotImplementedError

    async def preview_refund(self, purchase_id: str, lines: list[RefundLine] | None = None) -> RefundReceipt:
        """What a refund would do; all of the purchase without `lines`. Writes nothing."""
        raise NotImplementedError

    async def refund(self, purchase_id: str, lines: list[RefundLine] | None = None, reason: str = "") -> RefundReceipt:
        """Take a purchase back. The same call after Offline is retried with the same key."""
        raise NotImplementedError

    async def unfinished(self) -> Draft | None:
        """The oldest confirm whose answer never came, also from before a restart; None when all are answered."""
        raise NotImplementedError

    async def resume(self) -> Receipt | None:
        """Post the unfinished confirm again with its stored key; None when there is none."""
        raise NotImplementedError

    async def set_aside(self) -> None:
        """Forget the unfinished confirm, by the cashier's decision: it may or may not have been posted."""
        raise NotImplementedError

    async def keep_draft(self, draft: Draft | None) -> None:
        """Keep the sale being entered over a restart; None forgets it."""
        raise NotImplementedError

    async def kept_draft(self) -> Draft | None:
        """The sale that was being entered, if any."""
        raise NotImplementedError
