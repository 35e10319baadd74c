"""The review list, and what a manager decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from api.audit import repository as audit
from api.core.security import StaffSession
from api.database.pool import Connection
from api.ledger.repository import hold_wallet
from api.problems import Refusal, not_found
from api.purchases import cursors
from api.reviews import repository
from api.till import repository as till
from api.till.refunds import sold_lines, stamps_taken
from contract.errors import ErrorCode
from contract.money import Money
from contract.refunds import CampaignKey, refund_effect
from contract.reviews import HeldPurchase, Review, ReviewDecision, ReviewPage

_FIRST = cursors.Place(datetime(9999, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1))


async def page(
    connection: Connection, programme_id: UUID, state: str | None, kind: str | None, cursor: str | None, limit: int
) -> ReviewPage:
    """Reviews, newest first."""
    before = cursors.decode(cursor) if cursor else _FIRST
    rows = await repository.reviews(connection, programme_id, state, kind, before, limit + 1)
    last = rows[limit - 1] if len(rows) > limit else None
    return ReviewPage(
        items=await _reviews(connection, rows[:limit]),
        open=await repository.open_count(connection, programme_id),
        next_cursor=cursors.encode(cursors.Place(last["opened_at"], last["review_id"])) if last else None,
    )


async def decide(
    connection: Connection, staff: StaffSession, review_id: UUID, wanted: ReviewDecision, now: datetime
) -> tuple[Review, dict[UUID, int]]:
    """Decide one review, and every hold of it. Runs inside the caller's transaction; says which wallets changed."""
    row = await repository.take(connection, staff.programme_id, review_id)
    if row is None:
        raise not_found("There is no such review.")
    if row["state"] != "open":
        raise Refusal(409, ErrorCode.ALREADY_DECIDED, "Somebody has decided this already. Look at the list again.")
    if row["staff_id"] == staff.staff_id:
        raise Refusal(403, ErrorCode.NOT_ALLOWED, "This is about your own work: another manager decides it.")
    changed: dict[UUID, int] = {}
    waiting = await repository.waiting(connection, review_id)
    rejected = wanted.decision == "rejected"
    for member_id, purchase_id in waiting:
        claws = await _all_left(connection, member_id, purchase_id) if rejected else {}
        version = await repository.decide(connection, member_id, purchase_id, now, claws, rejected=rejected)
        if version is not None:
            changed[member_id] = version
    await repository.close(connection, review_id, wanted.decision, staff.staff_id, wanted.note, now)
    evidence = {"decision": wanted.decision, "kind": row["kind"], "purchases": len(waiting), "note": wanted.note}
    await audit.write(
        connection, staff, "review", now, subject=str(review_id), member_id=row["member_id"], evidence=evidence
    )
    done = await repository.reviews(connection, staff.programme_id, None, None, _just_after(row), 1)
    return (await _reviews(connection, done))[0], changed


async def _all_left(connection: Connection, member_id: UUID, purchase_id: UUID) -> Mapping[CampaignKey, int]:
    """What a purchase earned by campaign version, less what refunds took back; nobody changes it meanwhile."""
    await hold_wallet(connection, member_id)
    row = await till.sold(connection, member_id, purchase_id)
    if row is None:
        return {}
    lines = sold_lines(row)
    left = {n: line.left for n, line in enumerate(lines) if line.left}
    return {**refund_effect(lines, 0, left).claws, **stamps_taken(row, lines, left)}


def _just_after(row: Any) -> tuple[datetime, UUID]:
    return row["opened_at"], UUID(int=row["review_id"].int + 1)


async def _reviews(connection: Connection, rows: list[Any]) -> list[Review]:
    held: defaultdict[UUID, list[HeldPurchase]] = defaultdict(list)
    for row in await repository.held(connection, [row["review_id"] for row in rows]):
        held[row["review_id"]].append(
            HeldPurchase(
                purchase_id=str(row["purchase_id"]),
                receipt_number=row["receipt_number"],
                at=row["at"],
                member_name=row["member_name"],
                staff_name=row["staff_name"],
                total=Money(amount=row["total"], currency=row["unit"]),
                earned=Money(amount=row["earned"], currency=row["unit"]),
                state=row["state"],
            )
        )
    return [
        Review(
            review_id=str(row["review_id"]),
            kind=row["kind"],
            state=row["state"],
            store_id=row["store_id"],
            store_name=row["store_name"],
            opened_at=row["opened_at"],
            member_name=row["member_name"],
            staff_name=row["staff_name"],
            evidence=row["evidence"],
            purchases=held[row["review_id"]],
            decided_at=row["decided_at"],
            decided_by=row["by_name"],
            note=row["note"],
        )
        for row in rows
    ]
