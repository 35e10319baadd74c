"""Purchases on their way into the ledger, and how its functions take them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_json

from api.database.pool import Json
from contract.money import STAMPS
from contract.quotes import Quote
from contract.refunds import CampaignKey
from contract.rules import Given, WrittenQuote


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An idempotency key: whose (`scope`), and a digest of the body that it came with."""

    scope: str
    key: str
    fingerprint: bytes


@dataclass(slots=True, kw_only=True)  # not frozen: that would take three times as long to make
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
    quote: Quote | WrittenQuote
    staff_id: UUID | None = None
    session_id: UUID | None = None
    identification_id: UUID | None = None
    device_id: UUID | None = None
    device_step: int | None = None
    budgeted: frozenset[CampaignKey] = frozenset()
    """Campaign versions whose total budget pays for what they give."""
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
    given = _given(p)
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
        Json(_text(p.quote)),
        [each.unit for each in given],
        [each.campaign_id for each in given],
        [each.campaign_version for each in given],
        [each.value for each in given],
        [each.available_at for each in given],
        [each.expires_at for each in given],
        [(each.campaign_id, each.campaign_version) in p.budgeted for each in given],
        p.wallet_version,
        now,
    )


def many_arguments(postings: Sequence[PurchasePosting], now: datetime) -> tuple[Any, ...]:
    """The arguments of `ledger.post_purchases`, in its order."""
    first = postings[0]
    claims = [p.claim for p in postings if p.claim is not None]
    given = [
        (place, number, each, (each.campaign_id, each.campaign_version) in p.budgeted)
        for place, p in enumerate(postings, 1)
        for number, each in enumerate(_given(p), 1)
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
        [_text(p.quote) for p in postings],
        [p.wallet_version for p in postings],
        [place for place, *_ in given],
        [number for _, number, *_ in given],
        [each.unit for *_, each, _ in given],
        [each.campaign_id for *_, each, _ in given],
        [each.campaign_version for *_, each, _ in given],
        [each.value for *_, each, _ in given],
        [each.available_at for *_, each, _ in given],
        [each.expires_at for *_, each, _ in given],
        [budgeted for *_, budgeted in given],
    )


def _given(p: PurchasePosting) -> list[Given]:
    """What the quote gives: the purchase's own unit first, then points, then stamps."""
    given = p.quote.given if isinstance(p.quote, WrittenQuote) else _told(p.quote, p.at)
    return given if len(given) < 2 else sorted(given, key=lambda each: each.unit != p.unit)


def _told(quote: Quote, at: datetime) -> list[Given]:
    return [
        *(
            Given(r.campaign_id, r.campaign_version, r.value.currency, r.value.amount, r.available_at, r.expires_at)
            for r in quote.rewards
        ),
        *(
            Given(g.campaign_id, g.campaign_version, STAMPS, g.stamps, g.available_at or at, g.expires_at)
            for g in quote.stamps
        ),
    ]


def _text(quote: Quote | WrittenQuote) -> str:
    return quote.text if isinstance(quote, WrittenQuote) else to_json(quote, exclude_none=True).decode()
