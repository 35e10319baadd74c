"""Receipts that a till confirmed without a network: whether it signed them, and what holds of what it told.

The rules stand in docs/decisions/0013. In short: a signed receipt is never refused over an amount. What no balance
covers is the store's loss; what the till's kit promised is given.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from api.campaigns.loaded import MemberStanding
from api.core.security import StaffSession
from api.core.till_secret import till_secret
from api.database.pool import Connection
from api.problems import Refusal
from api.till_kit import repository
from contract import member_code
from contract.basket import minor
from contract.campaigns import CampaignVersion
from contract.errors import ErrorCode
from contract.rules import WrittenQuote, may_spend, written_quote
from contract.till import PurchaseRequest, QueuedReceipt, Unsound
from contract.till_kit import OfflineMark, sign, signed_text, sure

CLOCK = timedelta(minutes=10)
"""How wrong a till's clock may be."""
_KITS_BACK = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Terms:
    """The campaign versions of a kit, and when another kit took its place."""

    campaigns: tuple[CampaignVersion, ...]
    replaced_at: datetime | None


@dataclass(frozen=True, slots=True)
class Queued:
    """What is known of a batch's signed receipts before any of them is posted."""

    refusals: Mapping[int, Refusal] = field(default_factory=dict)
    terms: Mapping[str, Terms] = field(default_factory=dict)
    sellers: Mapping[str, UUID] = field(default_factory=dict)

    def refusal(self, receipt: QueuedReceipt) -> Refusal | None:
        """Why the signature of a receipt does not count, where it does not."""
        return self.refusals.get(id(receipt))

    def seller(self, sender: StaffSession, mark: OfflineMark | None) -> StaffSession:
        """Who sold it: for whom it counts, and whose own account may not be served."""
        staff_id = self.sellers.get(mark.staff_id or "") if mark is not None else None
        return sender if staff_id is None else replace(sender, staff_id=staff_id)


async def look(
    connection: Connection,
    staff: StaffSession,
    receipts: Sequence[QueuedReceipt],
    signing_key: bytes,
    now: datetime,
) -> Queued:
    """Check all signatures of a batch, read the kits that it was quoted by and who sold. Three statements at most."""
    marked = [(each, each.offline) for each in receipts if each.offline is not None]
    if not marked:
        return Queued()
    sessions = {uid for _, mark in marked if (uid := _id(mark.key_id)) is not None}
    signers = await repository.signers(connection, staff.programme_id, staff.store_id, sessions)
    refusals = {
        id(receipt): wrong_signature()
        for receipt, mark in marked
        if not isinstance(receipt.purchase, Unsound) and not _is_signed(receipt, mark, signers, signing_key)
    }
    rows = await repository.terms_of(connection, staff.programme_id, {mark.kit for _, mark in marked}, now - _KITS_BACK)
    terms = {
        row["version"]: Terms(
            tuple(CampaignVersion.model_validate_json(body) for body in row["versions"]), row["replaced_at"]
        )
        for row in rows
    }
    named = {uid for _, mark in marked if (uid := _id(mark.staff_id or "")) is not None}
    return Queued(refusals, terms, await repository.sellers(connection, staff.programme_id, named))


def wrong_signature() -> Refusal:
    """Not signed by a till of this store, or changed since."""
    return Refusal(
        403,
        ErrorCode.SIGNATURE_WRONG,
        "The receipt was not signed by a till of this store, or it was changed since. Show it to your manager.",
    )


def _is_signed(
    receipt: QueuedReceipt, mark: OfflineMark, signers: Mapping[UUID, tuple[datetime, datetime]], signing_key: bytes
) -> bool:
    key_id = _id(mark.key_id)
    if key_id is None or key_id not in signers:
        return False
    since, until = signers[key_id]
    times = (mark.confirmed_at, mark.confirmed_at + timedelta(seconds=receipt.clock_off))
    if not any(since - CLOCK <= at <= until + CLOCK for at in times):
        return False
    return hmac.compare_digest(sign(as_sent(receipt), till_secret(key_id, signing_key)), mark.mac)


def as_sent(receipt: QueuedReceipt) -> dict[str, object]:
    """A queued receipt with the fields that the till has sent, and none else."""
    return receipt.model_dump(mode="json", exclude_unset=True, exclude={"clock_off"})


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def set_right(receipt: QueuedReceipt, purchase: PurchaseRequest) -> tuple[PurchaseRequest, datetime] | None:
    """The purchase and the time of its scan by the clock difference that was found since; None where there is none."""
    if receipt.offline is None or abs(receipt.clock_off) <= CLOCK.total_seconds() / 2:
        return None
    off = timedelta(seconds=receipt.clock_off)
    try:
        moved = purchase.model_copy(update={"at": purchase.at + off})
        return moved, (receipt.scanned_at or purchase.at) + off
    except OverflowError:
        return None


def covered(request: PurchaseRequest, standing: MemberStanding, *, can_spend: bool) -> int:
    """How much of what was spent at the till the member's balance pays; the rest is the store's loss, in minor units.

    By a code that nobody could check then, at most what one member may spend at one till; by an identification that
    the API had made, what it would have let her spend.
    """
    if not can_spend:
        return 0
    rules, total = standing.programme.rules_at(request.at), request.total
    if request.code is not None:
        most = min(standing.available, total, rules.offline.spend_per_member)
    else:
        most = may_spend(total, standing.available, rules)
    if rules.confirm_above is not None:  # nobody can be asked without a network
        most = min(most, rules.confirm_above)
    return max(0, min(minor(request.redeem), most))


def honoured(
    request: PurchaseRequest,
    mark: OfflineMark,
    quoted: WrittenQuote,
    standing: MemberStanding,
    budgets: Mapping[str, int],
    queued: Queued,
) -> WrittenQuote:
    """The quote by the terms of now; where the till had told more, with its kit's sure campaigns in their place."""
    terms = queued.terms.get(mark.kit)
    if quoted.earned >= mark.told or terms is None:
        return quoted
    oldest = timedelta(hours=standing.programme.rules.offline.kit_hours)
    if terms.replaced_at is not None and request.at > terms.replaced_at + oldest:
        return quoted
    told = sure(terms.campaigns)
    names = {each.campaign_id for each in told}
    others = [each for each in standing.programme.campaigns if each.campaign_id not in names]
    then = written_quote(
        request, standing.facts, [*told, *others], request.at, standing.programme.rules_at(request.at), budgets
    )
    return then if then.earned > quoted.earned else quoted


async def by_lost_answer(
    connection: Connection, staff: StaffSession, request: PurchaseRequest, mark: OfflineMark
) -> tuple[UUID, UUID, bool] | None:
    """The (identification, member, may spend) that used this code up when the till asked and no answer came."""
    key_id = _id(mark.key_id)
    if mark.identify_key is None or key_id is None or request.code is None:
        return None
    digest = hashlib.sha256(request.code.encode()).digest()
    row = await repository.lost_identification(connection, staff.programme_id, key_id, mark.identify_key, digest)
    return None if row is None else (row[0], row[1], row[2])


@dataclass(frozen=True, slots=True)
class CameOf:
    """What came of a signed receipt. `earned` and `redeemed` as they were posted."""

    member_id: UUID | None = None
    purchase_id: UUID | None = None
    earned: int = 0
    redeemed: int = 0
    code: ErrorCode | None = None


async def keep(
    connection: Connection,
    staff: StaffSession,
    unit: str,
    outcomes: Sequence[tuple[QueuedReceipt, CameOf]],
    queued: Queued,
    now: datetime,
) -> None:
    """Keep each signed receipt with what came of it. The same again changes nothing."""
    rows = []
    for receipt, came in outcomes:
        mark, purchase = receipt.offline, receipt.purchase
        if mark is None or isinstance(purchase, Unsound) or (key_id := _id(mark.key_id)) is None:
            continue
        rows.append(
            (
                staff.programme_id,
                staff.store_id,
                receipt.key,
                "refused" if came.code else "posted",
                purchase.receipt_number,
                came.member_id,
                came.purchase_id,
                came.code,
                key_id,
                signed_text(as_sent(receipt)),
                mark.mac,
                unit,
                mark.told,
                came.earned,
                shortfall(purchase, came.redeemed),
                mark.confirmed_at,
                now,
                staff.session_id,
                minor(purchase.redeem),
                _number_of(purchase),
                queued.sellers.get(mark.staff_id or ""),
            )
        )
    if rows:
        await repository.keep_evidence(connection, rows)


def _number_of(purchase: PurchaseRequest) -> str | None:
    """The member's number, where a code says it: erasure finds the receipt by it."""
    try:
        return None if purchase.code is None else member_code.parse(purchase.code).member_number
    except member_code.MalformedCode:
        return None


def shortfall(purchase: PurchaseRequest, redeemed: int) -> int:
    """What was taken off the price at the till and no balance paid, in minor units."""
    return max(0, minor(purchase.redeem) - redeemed)
