"""What a standing means for the tables: the member's row, and the entries of the history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from api.tiers.repository import HeldRow
from contract.tiers import FOR_EVER, Ladder, Standing

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be written of one member."""

    member_id: UUID
    tier: str | None
    row: Row
    history: list[Row]


def change_of(ladder: Ladder, before: HeldRow, found: Standing, now: datetime, zone: ZoneInfo) -> Change:
    """The member's row as it is to be, and what there is to remember."""
    tier, notice = found.held.tier, found.held.notice
    is_new = before.since is None
    had = ladder.everyones if is_new else before.tier
    if tier == had:
        since = before.since or max(before.joined_at, ladder.starts_at)
    else:
        since = now if found.left_on is None else midnight(found.left_on, zone)
    row = {
        "member_id": before.member_id,
        "programme_id": before.programme_id,
        "ladder_version": ladder.version,
        "tier": tier,
        "since": since,
        "granted_until": found.held.granted_until,
        "holds_until": None if found.holds_until == FOR_EVER else found.holds_until,
        "counted": found.counted,
        "told_on": notice and notice.told_on,
        "leaves_on": notice and notice.leaves_on,
        "leaves_for": notice and notice.tier,
        "missing": notice and notice.missing,
        "look_at": None if found.look_on is None else midnight(found.look_on, zone),
    }
    return Change(before.member_id, tier, row, _history(ladder, before, had, found, since, now, zone))


def _history(
    ladder: Ladder, before: HeldRow, had: str | None, found: Standing, since: datetime, now: datetime, zone: ZoneInfo
) -> list[Row]:
    tier, notice = found.held.tier, found.held.notice
    entries: list[tuple[str, str | None, datetime]] = []
    if tier != had:
        kind = "reached" if ladder.rank(tier) > ladder.rank(had) else "left"
        entries.append((kind, tier, since))
    elif notice is None and before.leaves_on is not None:
        entries.append(("notice_withdrawn", None, midnight(before.leaves_on, zone)))
    if notice is not None:
        kept = before.leaves_on if before.leaves_for == notice.tier and tier == had else None
        if kept != notice.leaves_on:
            to = below(ladder, tier) if ladder.downgrade == "one_step" else None
            entries.append(("notice" if kept is None else "notice_moved", to, midnight(notice.leaves_on, zone)))
    based_on = {
        "counts": ladder.counts,
        "period": ladder.period,
        "counted": found.counted,
        "thresholds": {each.tier: each.threshold for each in ladder.tiers},
        "holds_until": None if found.holds_until == FOR_EVER else found.holds_until,
        "told_on": before.told_on if notice is None else notice.told_on,
        "missing": notice and notice.missing,
    }
    return [
        {
            "member_id": before.member_id,
            "recorded_at": now,
            "kind": kind,
            "from_tier": had,
            "to_tier": to,
            "at": at,
            "ladder_version": ladder.version,
            "based_on": based_on,
        }
        for kind, to, at in entries
    ]


def below(ladder: Ladder, tier: str | None) -> str | None:
    """The tier one step down."""
    return ladder.at_rank(ladder.rank(tier) - 1) if ladder.rank(tier) > 0 else None


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a local day begins, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
