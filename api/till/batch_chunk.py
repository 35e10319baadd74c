"""What is known of a chunk of queued receipts before any of them is posted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from api.core.security import StaffSession
from api.field_errors import field_errors
from api.ledger.repository import Claim
from api.problems import Refusal
from api.till.asking import AtTill, Offer, fingerprint_of
from api.till.batch_entry import Entry
from api.till.batch_members import Scanned
from api.till.repository import Connection
from api.till_kit import queued as offline
from api.till_kit.queued import Queued
from contract.errors import ErrorCode
from contract.till import QueuedReceipt, Unsound


@dataclass(frozen=True, slots=True)
class Chunk:
    """Who asks, by what, and when; and what was signed."""

    connection: Connection
    staff: StaffSession
    scope: str
    signing_key: bytes
    now: datetime
    queued: Queued

    def entry(self, receipt: QueuedReceipt) -> Entry | Refusal:
        """A receipt on its way, or why it cannot be one."""
        purchase = receipt.purchase
        if isinstance(purchase, Unsound):
            errors = field_errors([{**each, "loc": ("body", *each["loc"])} for each in purchase.errors], None)
            return Refusal(422, ErrorCode.INVALID_INPUT, f"{errors[0].field}: {errors[0].message}", errors=errors)
        unsigned = self.queued.refusal(receipt)
        if unsigned is not None:
            return unsigned
        claim = Claim(scope=self.scope, key=receipt.key, fingerprint=fingerprint_of(purchase))
        by_clock = offline.set_right(receipt, purchase)
        return Entry(
            purchase,
            claim,
            Scanned(purchase, receipt.scanned_at or purchase.at),
            receipt.offline,
            Scanned(*by_clock) if by_clock else None,
        )

    def offer(self, entry: Entry) -> Offer:
        """What a single post would know; what shows the member is used up beside the ledger, by its own time."""
        assert entry.who is not None  # noqa: S101 - asked of entries whose member is known
        member = AtTill(entry.who.member_id, entry.who.can_spend)
        seller = self.queued.seller(self.staff, entry.mark)
        return Offer(seller, entry.request, member, entry.claim, self.now, by_kit=entry.mark is not None)
