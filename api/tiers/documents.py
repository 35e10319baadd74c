"""The tier of a member in the contract's form, from the row that was last worked out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from api.campaigns.loaded import LoadedProgramme
from api.tiers.rows import below, midnight
from contract.campaigns import text_in
from contract.tiers import Ladder

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TierRow:
    """What `member_tier` says of a member; all None where nothing was bought yet."""

    tier: str | None = None
    since: datetime | None = None
    holds_until: date | None = None
    counted: int | None = None
    told_on: date | None = None
    leaves_on: date | None = None
    missing: int | None = None


def tier_document(
    programme: LoadedProgramme, row: TierRow, joined_at: datetime, language: str, now: datetime
) -> Document | None:
    """The fields of `contract.tiers.TierStanding`; None where the programme has no tiers."""
    ladder = programme.ladder_at(now)
    if ladder is None:
        return None
    zone, currency = ZoneInfo(programme.timezone), programme.currency
    tier = ladder.everyones if row.since is None else row.tier
    rank, counted = ladder.rank(tier), row.counted or 0
    following = ladder.tiers[rank + 1] if rank + 1 < len(ladder.tiers) else None
    return {
        "tier": tier,
        "name": _name(ladder, tier, language),
        "since": row.since or (max(joined_at, ladder.starts_at) if tier else None),
        "until": None if row.holds_until is None else midnight(row.holds_until, zone),
        "counts": ladder.counts,
        "period": ladder.period,
        "amount": _money(counted, currency),
        "next_tier": following and following.tier,
        "next_name": following and text_in(following.name, language),
        "threshold": following and _money(following.threshold, currency),
        "missing": following and _money(max(0, following.threshold - counted), currency),
        "notice": _notice(ladder, row, tier, zone, currency, language),
    }


def _notice(
    ladder: Ladder, row: TierRow, tier: str | None, zone: ZoneInfo, currency: str, language: str
) -> Document | None:
    if row.told_on is None or row.leaves_on is None:
        return None
    return {
        "told_at": midnight(row.told_on, zone),
        "leaves_at": midnight(row.leaves_on, zone),
        "to_name": _name(ladder, below(ladder, tier), language),
        "missing": None if row.missing is None else _money(row.missing, currency),
    }


def _name(ladder: Ladder, tier: str | None, language: str) -> str | None:
    rank = ladder.rank(tier)
    return text_in(ladder.tiers[rank].name, language) if rank >= 0 else tier


def _money(amount: int, currency: str) -> Document:
    return {"amount": amount, "currency": currency}
