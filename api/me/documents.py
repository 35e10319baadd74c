"""Profile, wallet and lots in the contract's form, straight from stored rows."""

from __future__ import annotations

from datetime import datetime

from pydantic_core import from_json

from api.campaigns.loaded import LoadedProgramme
from api.me.repository import Head, LotRow
from api.purchases.documents import Document, money
from api.tiers.documents import tier_document
from contract.campaigns import text_in
from contract.money import MAX_AMOUNT, POINTS

_CORRECTION = {
    "en": "Correction",
    "pt-BR": "Correção",
    "fi": "Korjaus",
    "da": "Rettelse",
    "id": "Koreksi",
    "ru": "Исправление",
}
"""The name of what a manager gave."""


def wallet_document(head: Head, now: datetime) -> Document:
    """The fields of `contract.wallet.Wallet`."""
    return {
        "pending": money(head.pending, head.currency),
        "available": money(head.available, head.currency),
        "debt": money(head.debt, head.currency),
        "version": head.version,
        "as_of": now,
        "points": _points(head),
    }


def _points(head: Head) -> Document | None:
    """The fields of `contract.wallet.PointsBalance`, where the member has had points."""
    if head.points_pending is None:
        return None
    return {
        "pending": money(head.points_pending, POINTS),
        "available": money(head.points_available or 0, POINTS),
        "debt": money(head.points_debt or 0, POINTS),
    }


def profile_document(
    head: Head,
    now: datetime,
    programme: LoadedProgramme | None = None,
    spending_opens_at: datetime | None = None,
    language: str = "en",
) -> Document:
    """The fields of `contract.members.Profile`; the tier, in a language, where the programme is given."""
    return {
        "member_id": str(head.member_id),
        "member_number": head.member_number,
        "name": head.name,
        "email": head.email,
        "phone": head.phone,
        "language": head.language,
        "language_chosen": head.language_chosen,
        "birthday": head.birthday,
        "terms_accepted": head.terms_accepted,
        "terms_version": head.terms_version,
        "leaving_at": head.leaving_at,
        "joined_at": head.joined_at,
        "programme": {
            "programme_id": str(head.programme_id),
            "slug": head.slug,
            "name": head.programme_name,
            "currency": head.currency,
            "timezone": head.timezone,
        },
        "wallet": wallet_document(head, now),
        **_limits(head),
        "spending_opens_at": spending_opens_at,
        "tier": programme and tier_document(programme, head.tier_row, head.joined_at, language, now),
    }


def _limits(head: Head) -> Document:
    """What tills may take without asking: the programme's limit, her own, and the one that holds."""
    most = min((each for each in (head.confirm_above, head.spend_limit) if each is not None), default=MAX_AMOUNT)
    own = head.own_limit
    return {
        "spend_limit": money(most if own is None else min(own, most), head.currency),
        "most_spend_limit": None if most >= MAX_AMOUNT else money(most, head.currency),
        "own_spend_limit": None if own is None else money(own, head.currency),
    }


def asked_documents(head: Head, now: datetime) -> list[Document]:
    """What tills ask of the member now, each with the fields of `contract.confirmations.SpendRequest`."""
    return [
        {
            "confirmation_id": str(confirmation_id),
            "store_id": store_id,
            "store_name": store_name,
            "redeem": money(redeem, head.currency),
            "redeem_points": points,
            "amount": money(amount, head.currency),
            "remaining": money(max(0, head.available - redeem), head.currency),
            "asked_at": asked_at,
            "answer_by": answer_by,
        }
        for confirmation_id, store_id, store_name, redeem, points, amount, asked_at, answer_by in head.asked
        if answer_by > now
    ]


def lot_document(lot: LotRow, language: str) -> Document:
    """The fields of `contract.wallet.Lot`, its name in a language."""
    return {
        "lot_id": str(lot.lot_id),
        "purchase_id": None if lot.purchase_id is None else str(lot.purchase_id),
        "campaign_id": lot.campaign_id,
        "campaign_version": lot.campaign_version,
        "name": _name(lot, language),
        "original": money(lot.original, lot.unit),
        "remaining": money(lot.remaining, lot.unit),
        "state": "available" if lot.released else "pending",
        "held": lot.held,
        "available_at": lot.available_at,
        "expires_at": lot.expires_at,
    }


def _name(lot: LotRow, language: str) -> str:
    if lot.campaign_id == "adjustment":
        return text_in(_CORRECTION, language)
    return text_in(from_json(lot.name), language) if lot.name else lot.campaign_id
