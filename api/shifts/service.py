"""Shifts: opened, counted by the API, closed, and explained."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from api.audit import repository as audit
from api.campaigns import service as campaigns
from api.core.security import StaffSession
from api.database.pool import Connection
from api.problems import Refusal, not_found
from api.purchases import cursors
from api.shifts import repository
from api.till.codes import TILL_CLOCK
from contract.errors import ErrorCode
from contract.money import Money
from contract.shifts import LateReceipt, Shift, ShiftClose, ShiftPage, ShiftPart, ShiftReport, ShiftTotals

_COUNTS = ("receipts", "refunds")
_AMOUNTS = ("sold", "earned", "spent", "refunded", "taken_back", "given_back")
_FIRST = cursors.Place(datetime(9999, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1))
_EVER = datetime(9999, 1, 1, tzinfo=UTC)


async def open_shift(connection: Connection, staff: StaffSession, now: datetime) -> ShiftReport:
    """Open the store's shift. Runs inside the caller's transaction."""
    shift_id = await repository.open_shift(connection, staff, now)
    if shift_id is None:
        raise Refusal(409, ErrorCode.SHIFT_OPEN, "A shift is open at this store. Close it first.")
    await audit.write(connection, staff, "shift_opened", now, subject=str(shift_id))
    return await report(connection, staff, shift_id, now)


async def close(
    connection: Connection, staff: StaffSession, shift_id: UUID, wanted: ShiftClose, now: datetime
) -> ShiftReport:
    """Close it with what the API counts now. Runs inside the caller's transaction."""
    row = await repository.shift(connection, staff, shift_id, lock=True)
    if row is None:
        raise _none()
    if row["closed_at"] is not None:
        raise Refusal(409, ErrorCode.SHIFT_CLOSED, "This shift was closed before.")
    closing = _sum(await repository.parts(connection, row, now, now))
    counted = wanted.counted.model_dump() if wanted.counted is not None else None
    await repository.close(connection, shift_id, staff.staff_id, closing, counted, wanted.note, now)
    await audit.write(
        connection, staff, "shift_closed", now, subject=str(shift_id), evidence={**closing, "counted": counted}
    )
    return await report(connection, staff, shift_id, now)


async def report(connection: Connection, staff: StaffSession, shift_id: UUID, now: datetime) -> ShiftReport:
    """One shift, as of now, with its parts and whatever may explain a difference."""
    row = await repository.shift(connection, staff, shift_id)
    if row is None:
        raise _none()
    currency = await _currency(connection, staff)
    until = row["closed_at"] or now + TILL_CLOCK
    parts = await repository.parts(connection, row, until, _EVER)
    return ShiftReport(
        **_head(row, _sum(parts), currency),
        closing=None if row["closing"] is None else _totals(row["closing"], currency),
        counted=row["counted"],
        cashiers=_by(parts, "staff_id", "staff_name", currency),
        tills=_by(parts, "session_id", "till_name", currency),
        late=[
            LateReceipt(
                purchase_id=str(each["purchase_id"]),
                receipt_number=each["receipt_number"],
                at=each["at"],
                recorded_at=each["recorded_at"],
                total=Money(amount=each["total"], currency=each["unit"]),
                after_closing=row["closed_at"] is not None and each["recorded_at"] >= row["closed_at"],
                staff_name=each["staff_name"],
            )
            for each in await repository.late(connection, row, until)
        ],
        note=row["note"],
    )


async def page(connection: Connection, staff: StaffSession, cursor: str | None, limit: int, now: datetime) -> ShiftPage:
    """The store's shifts with their totals, newest first."""
    before = cursors.decode(cursor) if cursor else _FIRST
    rows = await repository.shifts(connection, staff, before, limit + 1)
    currency = await _currency(connection, staff)
    items = []
    for row in rows[:limit]:
        until = row["closed_at"] or now + TILL_CLOCK
        items.append(Shift(**_head(row, _sum(await repository.parts(connection, row, until, _EVER)), currency)))
    last = rows[limit - 1] if len(rows) > limit else None
    next_cursor = cursors.encode(cursors.Place(last["opened_at"], last["shift_id"])) if last else None
    return ShiftPage(items=items, next_cursor=next_cursor)


def as_csv(shift: ShiftReport) -> str:
    """A report as a file: a row for the whole, each cashier, each till, and each late receipt. Minor units."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["part", "name", *_COUNTS, *_AMOUNTS, "currency"])
    whole = [("shift", shift.store_id, shift.totals)]
    if shift.closing is not None:
        whole.append(("at closing", shift.store_id, shift.closing))
    parts = [("cashier", each.name, each.totals) for each in shift.cashiers]
    parts += [("till", each.name, each.totals) for each in shift.tills]
    for part, name, totals in [*whole, *parts]:
        amounts = [getattr(totals, field).amount for field in _AMOUNTS]
        counts = [getattr(totals, field) for field in _COUNTS]
        writer.writerow([part, _plain(name), *counts, *amounts, totals.sold.currency])
    writer.writerow([])
    writer.writerow(["late receipt", "at", "recorded_at", "total", "currency", "after_closing", "cashier"])
    for late in shift.late:
        moments = [late.at.isoformat(), late.recorded_at.isoformat()]
        writer.writerow(
            [
                _plain(late.receipt_number),
                *moments,
                late.total.amount,
                late.total.currency,
                late.after_closing,
                _plain(late.staff_name),
            ]
        )
    return out.getvalue()


def _plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def _head(row: Any, totals: dict[str, int], currency: str) -> dict[str, Any]:
    return {
        "shift_id": str(row["shift_id"]),
        "store_id": row["store_id"],
        "opened_at": row["opened_at"],
        "opened_by": row["opened_name"],
        "closed_at": row["closed_at"],
        "closed_by": row["closed_name"],
        "totals": _totals(totals, currency),
    }


def _sum(parts: Iterable[Any]) -> dict[str, int]:
    rows = list(parts)
    return {name: sum(row[name] for row in rows) for name in (*_COUNTS, *_AMOUNTS)}


def _totals(sums: dict[str, int], currency: str) -> ShiftTotals:
    amounts = {name: Money(amount=sums[name], currency=currency) for name in _AMOUNTS}
    return ShiftTotals(receipts=sums["receipts"], refunds=sums["refunds"], **amounts)


def _by(parts: list[Any], key: str, name: str, currency: str) -> list[ShiftPart]:
    groups: dict[Any, list[Any]] = {}
    for part in parts:
        groups.setdefault(part[key], []).append(part)
    return [
        ShiftPart(name=rows[0][name] or str(of or "")[-6:], totals=_totals(_sum(rows), currency))
        for of, rows in groups.items()
    ]


async def _currency(connection: Connection, staff: StaffSession) -> str:
    return (await campaigns.programme(connection, staff.programme_id)).currency


def _none() -> Refusal:
    return not_found("There is no such shift at this store.")
