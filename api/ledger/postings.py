"""Purchases on their way into the ledger, and how its functions take them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from pydantic_core import to_json

from api.database.pool import Json
from contract.money import STAMPS
from contract.quotes import Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An idempotency key: whose (`scope`), and a digest of the body that it came with."""

    scope: str
    key: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchasePosting:
    """One purchase for the ledger. Amounts in minor units; `basket` and `quote` as they will be stored."""

    claim: Claim | None
    member_id: UUID
    purchase_id: UUID
    programme_id: UUID
    store_id: str
    channel: str
    receipt_number: str
    at: datetime
    source: str
    unit: str
    total: int
    redeem: int
    basket: dict[str, Any]
    quote: Quote
    quote_json: Json | None = None
    """The quote as it will be stored, where somebody has written it out already."""
    staff_id: UUID | None = None
    session_id: UUID | None = None
    identification_id: UUID | None = None
    device_id: UUID | None = None
    device_step: int | None = None
    budgeted: frozenset[str] = frozenset()
    """Campaigns whose total budget pays for what they give; an import of the past charges none."""
    redeem_points: int = 0
    points_worth: int = 0
    """What the spent points pay, in minor units of the purchase's unit."""
    wallet_version: int | None = None
    """The version that the quote was worked out at; another one by now raises StaleQuote."""
    above_limit: bool = False
    """Whether it spends more than it may without the member's confirmation."""


def purchase_arguments(p: PurchasePosting, now: datetime) -> tuple[Any, ...]:
    """The arguments of `ledger.post_purchase`, in its order."""
    claim = p.claim
    rewards = _rewards(p)
    return (
        claim and claim.scope,
        claim and claim.key,
        claim and claim.fingerprint,
        p.identification_id,
        p.device_id,
        p.device_step,
        p.member_id,
        p.purchase_id,
        p.programme_id,
        p.store_id,
        p.channel,
        p.receipt_number,
        p.at,
        p.source,
        p.staff_id,
        p.session_id,
        p.unit,
        p.total,
        p.redeem,
        p.redeem_points,
        p.points_worth,
        p.basket,
        p.quote_json or p.quote,
        [r.unit for r in rewards],
        [r.campaign_id for r in rewards],
        [r.campaign_version for r in rewards],
        [r.value for r in rewards],
        [r.available_at for r in rewards],
        [r.expires_at for r in rewards],
        [r.campaign_id in p.budgeted for r in rewards],
        p.wallet_version,
        now,
    )


def many_arguments(postings: Sequence[PurchasePosting], now: datetime) -> tuple[Any, ...]:
    """The arguments of `ledger.post_purchases`, in its order."""
    first = postings[0]
    claims = [p.claim for p in postings if p.claim is not None]
    rewards = [
        (place, number, reward, reward.campaign_id in p.budgeted)
        for place, p in enumerate(postings, 1)
        for number, reward in enumerate(_rewards(p), 1)
    ]
    return (
        first.programme_id,
        first.unit,
        first.source,
        now,
        [p.staff_id for p in postings],
        [p.session_id for p in postings],
        [p.identification_id for p in postings],
        [claim.scope for claim in claims],
        [claim.key for claim in claims],
        [claim.fingerprint for claim in claims],
        [p.member_id for p in postings],
        [p.purchase_id for p in postings],
        [p.store_id for p in postings],
        [p.channel for p in postings],
        [p.receipt_number for p in postings],
        [p.at for p in postings],
        [p.total for p in postings],
        [to_json(p.basket).decode() for p in postings],
        [p.quote_json or to_json(p.quote, exclude_none=True).decode() for p in postings],
        [p.wallet_version for p in postings],
        [place for place, *_ in rewards],
        [number for _, number, *_ in rewards],
        [reward.unit for *_, reward, _ in rewards],
        [reward.campaign_id for *_, reward, _ in rewards],
        [reward.campaign_version for *_, reward, _ in rewards],
        [reward.value for *_, reward, _ in rewards],
        [reward.available_at for *_, reward, _ in rewards],
        [reward.expires_at for *_, reward, _ in rewards],
        [budgeted for *_, budgeted in rewards],
    )


class Gift(NamedTuple):
    """What one campaign version gives in one unit: a lot to be made."""

    unit: str
    campaign_id: str
    campaign_version: int
    value: int
    available_at: datetime
    expires_at: datetime | None


def _rewards(p: PurchasePosting) -> list[Gift]:
    """What the quote gives: the programme's currency first, then points, then stamps."""
    gifts = [
        Gift(r.value.currency, r.campaign_id, r.campaign_version, r.value.amount, r.available_at, r.expires_at)
        for r in p.quote.rewards
    ]
    stamps = [
        Gift(STAMPS, g.campaign_id, g.campaign_version, g.stamps, g.available_at or p.at, g.expires_at)
        for g in p.quote.stamps
    ]
    return sorted([*gifts, *stamps], key=lambda gift: gift.unit != p.unit)
