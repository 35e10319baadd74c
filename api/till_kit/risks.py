"""What tills told and gave without a network, by whom, and what of it did not hold."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import asyncpg

from api.campaigns import service as campaigns
from api.campaigns.loaded import LoadedProgramme
from api.core.security import StaffSession, not_allowed
from api.database.pool import Connection
from api.purchases import cursors
from api.staff import repository as people
from api.till_kit import repository
from contract.money import Money
from contract.till_kit import OfflineLimits, OfflineRisk, OfflineRisks, OfflineSeller, OfflineSums

Which = Literal["problems", "spent", "all"]
SUMMED = timedelta(days=90)
"""How far back the sums of tills and people go."""
_IN_A_FILE = 20_000
_COLUMNS = (
    "receipt_number", "confirmed_at", "received_at", "store", "till", "staff", "outcome", "code",
    "spent", "limit", "shortfall", "told", "earned", "currency",
)  # fmt: skip


async def page(
    connection: Connection, staff: StaffSession, which: Which, cursor: str | None, limit: int, now: datetime
) -> OfflineRisks:
    """A page of them, with the sums of all. For supervisors and managers."""
    store_id = await _store_of(connection, staff)
    before = cursors.decode(cursor) if cursor else None
    rows = await repository.listed(connection, staff.programme_id, store_id, which, before, limit + 1)
    programme = await campaigns.programme(connection, staff.programme_id)
    parts = await repository.sums(connection, staff.programme_id, store_id, now - SUMMED)
    offline, currency = programme.rules.offline, programme.currency
    return OfflineRisks(
        total=Money(
            amount=await repository.total_shortfall(connection, staff.programme_id, store_id), currency=currency
        ),
        items=[_risk(row, programme) for row in rows[:limit]],
        next_cursor=_next(rows, limit),
        limits=OfflineLimits(
            spend_per_member=Money(amount=offline.spend_per_member, currency=currency),
            spend_per_till=Money(amount=offline.spend_per_till, currency=currency),
            kit_hours=offline.kit_hours,
        ),
        sums=OfflineSums(**_added(parts, currency)),
        sellers=[
            OfflineSeller(
                till=each["till"],
                store_name=each["store_name"],
                staff_name=each["staff_name"],
                **_added([each], currency),
            )
            for each in parts
        ],
    )


async def as_csv(connection: Connection, staff: StaffSession, which: Which) -> str:
    """All of them as a file, newest first; amounts in minor units."""
    store_id = await _store_of(connection, staff)
    programme = await campaigns.programme(connection, staff.programme_id)
    rows = await repository.listed(connection, staff.programme_id, store_id, which, None, _IN_A_FILE)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for each in (_risk(row, programme) for row in rows):
        amounts = [each.spent, each.limit, each.shortfall, each.told, each.earned]
        writer.writerow(
            [
                _plain(each.receipt_number),
                each.confirmed_at.isoformat(),
                each.received_at.isoformat(),
                *(_plain(name) for name in (each.store_name, each.till, each.staff_name)),
                each.outcome,
                each.code or "",
                *(amount.amount for amount in amounts),
                each.spent.currency,
            ]
        )
    return out.getvalue()


def _plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


async def _store_of(connection: Connection, staff: StaffSession) -> str | None:
    """The store whose tills somebody may look at; None: all."""
    if staff.role == "cashier":
        raise not_allowed("This is for supervisors and managers.")
    of_all = staff.role == "manager" and await people.looks_after_all(connection, staff.staff_id)
    return None if of_all else staff.store_id


def _next(rows: Sequence[asyncpg.Record], limit: int) -> str | None:
    if len(rows) <= limit:
        return None
    last = rows[limit - 1]
    return cursors.encode(cursors.Place(last["received_at"], last["place"]))


def _added(parts: Sequence[asyncpg.Record], currency: str) -> dict[str, Any]:
    amounts = {name: Money(amount=sum(each[name] for each in parts), currency=currency) for name in _AMOUNTS}
    return amounts | {name: sum(each[name] for each in parts) for name in _COUNTS}


_AMOUNTS = ("spent", "shortfall")
_COUNTS = ("receipts", "refused", "earned_less")


def _risk(row: asyncpg.Record, programme: LoadedProgramme) -> OfflineRisk:
    amounts = {name: Money(amount=row[name], currency=row["unit"]) for name in ("told", "earned", "spent", "shortfall")}
    limit = programme.rules_at(row["confirmed_at"]).offline.spend_per_member
    return OfflineRisk(
        receipt_number=row["receipt_number"],
        store_name=row["store_name"],
        staff_name=row["staff_name"],
        member_name=row["member_name"],
        limit=Money(amount=limit, currency=row["unit"]),
        confirmed_at=row["confirmed_at"],
        received_at=row["received_at"],
        outcome=row["outcome"],
        code=row["code"],
        purchase_id=str(row["purchase_id"]) if row["purchase_id"] else None,
        till=row["till"],
        **amounts,
    )
