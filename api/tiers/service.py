"""Works out tiers: at once for who has just bought, and for all others whose purchases or calendar have changed."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from api.campaigns import service as campaigns
from api.campaigns.loaded import LoadedProgramme
from api.database.pool import Connection
from api.tiers import repository
from api.tiers.repository import HeldRow
from api.tiers.rows import Change, change_of
from contract.tiers import Held, Ladder, Notice, stand

log = logging.getLogger("kierto.tiers")


async def after_purchase(connection: Connection, programme_id: UUID, members: Iterable[UUID], now: datetime) -> None:
    """Give a tier that was just reached at once: called after the purchase is posted, and never undoes it.

    What goes wrong here, the job does within a minute: the ledger has noted the member with the purchase.
    """
    try:
        programme = await campaigns.programme(connection, programme_id)
        if programme.ladder_at(now) is not None:
            async with connection.transaction():
                await look_at(connection, list(members), now, wait=True)
    except Exception:
        log.exception("a tier was not worked out after a purchase; the job will")


async def look_at(connection: Connection, members: Sequence[UUID], now: datetime, *, wait: bool = False) -> list[UUID]:
    """Work out where members stand, inside the caller's transaction; who was looked at.

    Members that another transaction is looking at are left to it, unless the caller waits.
    """
    held = await repository.hold(connection, members, wait=wait)
    ids = [row.member_id for row in held]
    await repository.looked_at(connection, ids)
    by_programme: defaultdict[UUID, list[HeldRow]] = defaultdict(list)
    for row in held:
        by_programme[row.programme_id].append(row)
    for programme_id, rows in by_programme.items():
        first = rows[0]
        programme = await campaigns.programme_at(connection, programme_id, first.offers_version, first.epoch)
        ladder = programme.ladder_at(now)
        there = [] if ladder is None else [row for row in rows if not row.is_closed]
        if ladder is not None and there:
            await _look_at(connection, programme, ladder, there, now)
        if len(there) < len(rows):
            await repository.leave_alone(connection, [row.member_id for row in rows if row not in there])
    return ids


async def _look_at(
    connection: Connection, programme: LoadedProgramme, ladder: Ladder, rows: Sequence[HeldRow], now: datetime
) -> None:
    zone = ZoneInfo(programme.timezone)
    today = now.astimezone(zone).date()
    ids = [row.member_id for row in rows]
    days = await repository.counted(connection, ids, ladder.counts, programme.timezone, ladder.since(today))
    changes = []
    for row in rows:
        found = stand(ladder, days.get(row.member_id, {}), held_of(row), today)
        changes.append(change_of(ladder, row, found, now, zone))
    await _keep(connection, changes)


async def _keep(connection: Connection, changes: Sequence[Change]) -> None:
    history = [entry for change in changes for entry in change.history]
    await repository.keep(connection, [change.row for change in changes], history)
    await repository.give(connection, {change.member_id: change.tier for change in changes})


def held_of(row: HeldRow) -> Held | None:
    """What a member was told to have, from the row."""
    if row.since is None:
        return None
    notice = None
    if row.told_on is not None and row.leaves_on is not None and row.leaves_for is not None:
        notice = Notice(row.told_on, row.leaves_on, row.leaves_for, row.missing)
    return Held(row.tier, row.granted_until, notice)
