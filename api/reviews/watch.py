"""Look at what was posted, a few seconds after it: what breaks a limit is held for review.

It costs the till nothing, and it cannot be outrun: what is held is not released until somebody has looked. Looking
twice, or from two processes, holds a purchase once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import FastAPI

from api.core.hub import Hub
from api.database.pool import Connection, Database
from api.problems import Refusal
from api.reviews import limits, repository
from contract.reviews import SettingsBody

log = logging.getLogger("kierto.reviews")
PAUSE = 5.0
_OVERLAP = timedelta(minutes=2)
"""A transaction may commit after a later one: what is as new as this is looked at again."""
_FIRST_LOOK = timedelta(hours=1)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Finding:
    """A limit that a purchase breaks, about whom, and the figures."""

    kind: str
    subject: str
    evidence: dict[str, Any]
    of_member: bool = True
    of_staff: bool = True


async def watch(database: Database, hub: Hub | None, now: datetime) -> int:
    """Look at all that is new, of every programme; answers how many purchases were held."""
    async with database.connection() as connection:
        programmes = await connection.fetch(
            "select p.programme_id, w.seen_to from programme p left join review_watch w using (programme_id)"
        )
        total = 0
        for row in programmes:
            seen_to = row["seen_to"] or now - _FIRST_LOOK
            newest = await _newest(connection, row["programme_id"], seen_to)
            if newest is not None:
                total += await _look(connection, hub, row["programme_id"], seen_to - _OVERLAP, newest, now)
    return total


async def _newest(connection: Connection, programme_id: UUID, since: datetime) -> datetime | None:
    newest: datetime | None = await connection.fetchval(
        """select max(n.recorded_at) from store s cross join lateral (
                  select p.recorded_at from ledger.purchase p
                   where p.programme_id = s.programme_id and p.store_id = s.store_id and p.recorded_at > $2
                   order by p.recorded_at desc limit 1) n
            where s.programme_id = $1""",
        programme_id,
        since,
    )
    return newest


async def _look(
    connection: Connection, hub: Hub | None, programme_id: UUID, since: datetime, newest: datetime, now: datetime
) -> int:
    settings = await limits.current(connection, programme_id)
    begin = since - (_DAY if settings.cashier_amount_per_day else _HOUR)
    rows = await connection.fetch(repository.UNUSUAL, programme_id, since, begin) if _limits_any(settings) else []
    held = 0
    for row in rows:
        finding = judge(row, settings)
        if finding is not None:
            held += await _hold(connection, hub, programme_id, row, finding, now)
    await connection.execute(
        """insert into review_watch (programme_id, seen_to) values ($1, $2)
           on conflict (programme_id) do update set seen_to = greatest(review_watch.seen_to, excluded.seen_to)""",
        programme_id,
        newest,
    )
    return held


def _limits_any(settings: SettingsBody) -> bool:
    """Whether a limit is set at all: 0 is none."""
    return any(
        (
            settings.refunds_per_week,
            settings.same_pair_per_day,
            settings.member_purchases_per_hour,
            settings.member_purchases_per_day,
            settings.member_amount_per_day,
            settings.cashier_purchases_per_hour,
            settings.cashier_amount_per_day,
            settings.till_purchases_per_hour,
        )
    )


async def _hold(
    connection: Connection, hub: Hub | None, programme_id: UUID, row: Any, finding: Finding, now: datetime
) -> int:
    async with connection.transaction():
        review_id = await repository.open_review(
            connection,
            programme_id,
            finding.kind,
            finding.subject,
            now,
            finding.evidence,
            store_id=row["store_id"],
            member_id=row["member_id"] if finding.of_member else None,
            staff_id=row["staff_id"] if finding.of_staff else None,
            session_id=row["session_id"],
        )
        fresh = await repository.hold(connection, row["member_id"], row["purchase_id"], review_id, now)
    if fresh and hub is not None:
        version = await connection.fetchval(
            "select version from ledger.purchase where member_id = $1 and purchase_id = $2",
            row["member_id"],
            row["purchase_id"],
        )
        hub.publish(row["member_id"], version)
    return int(fresh)


def judge(row: Any, settings: SettingsBody) -> Finding | None:
    """The first limit that a purchase breaks, the gravest first; None for nearly all of them."""
    member, staff, till = str(row["member_id"]), str(row["staff_id"]), str(row["session_id"])

    def over(count: int, limit: int) -> bool:
        return 0 < limit < count

    def said(count: int, limit: int, hours: int) -> dict[str, Any]:
        return {"count": count, "limit": limit, "hours": hours, "receipt_number": row["receipt_number"]}

    checks = (
        ("refund_loop", member, row["refunds"], settings.refunds_per_week, 168, True, False),
        ("same_pair", f"{member}:{staff}", row["pair"], settings.same_pair_per_day, 24, True, True),
        ("member_velocity", member, row["hour"], settings.member_purchases_per_hour, 1, True, False),
        ("member_velocity", member, row["day"], settings.member_purchases_per_day, 24, True, False),
        ("member_velocity", member, row["amount"], settings.member_amount_per_day, 24, True, False),
        ("cashier_velocity", staff, row["cashier_hour"], settings.cashier_purchases_per_hour, 1, False, True),
        ("cashier_velocity", staff, row["cashier_amount"], settings.cashier_amount_per_day, 24, False, True),
        ("till_velocity", till, row["till_hour"], settings.till_purchases_per_hour, 1, False, True),
    )
    amounts = {settings.member_amount_per_day, settings.cashier_amount_per_day}
    for kind, subject, count, limit, hours, of_member, of_staff in checks:
        if over(count, limit):
            evidence = said(count, limit, hours)
            if limit in amounts and count in {row["amount"], row["cashier_amount"]}:
                evidence["unit"] = "amount"
            return Finding(kind, subject, evidence, of_member, of_staff)
    return None


@asynccontextmanager
async def watching(app: FastAPI) -> AsyncIterator[None]:
    """Look every few seconds for as long as the block lasts."""
    task = asyncio.create_task(_again_and_again(app), name="watching")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _again_and_again(app: FastAPI) -> None:
    while True:
        await asyncio.sleep(PAUSE)
        try:
            await watch(app.state.database, app.state.hub, app.state.clock.now())
        except Refusal:
            log.warning("the database is away: what was posted is looked at once it is back")
        except Exception:
            log.exception("looking at what was posted failed; trying again in %d s", PAUSE)
