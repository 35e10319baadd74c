"""Claims: who may make one, about what, and until when."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from api.campaigns import service as campaigns
from api.claims import repository
from api.core.ids import new_id
from api.core.security import MemberSession
from api.me import service as me
from api.problems import Refusal, invalid, not_found, too_many
from api.purchases import cursors
from api.sign_in import rate_limits
from api.till.identify import key_reused
from contract.claims import Claim, ClaimRequest, Claims, ClaimState, ClaimStore, ProgrammeClaims
from contract.errors import ErrorCode

A_DAY = 10
"""Claims that one member may make in a day."""
_BEGIN = cursors.Place(datetime(1970, 1, 1, tzinfo=UTC), UUID(int=0))
_INSERT = """
insert into member_claim (member_id, claim_id, programme_id, key, kind, purchase_id, store_id, receipt_number, day,
                          total, note, asked_at, due_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
        $12::timestamptz + make_interval(days => $13))
on conflict do nothing returning true
"""


@dataclass(frozen=True, slots=True)
class _Receipt:
    """The receipt that a claim is about."""

    store_id: str
    receipt_number: str
    day: date
    total: int
    purchase_id: UUID | None = None


async def of_member(connection: Any, member: MemberSession) -> Claims:
    """A member's claims, and the stores and days of a new one."""
    loaded = await campaigns.programme(connection, member.programme_id)
    days = await connection.fetchval("select claim_days from programme where programme_id = $1", member.programme_id)
    stores = sorted(loaded.stores.values(), key=lambda store: store.name)
    return Claims(
        items=await repository.of_member(connection, member.member_id),
        stores=[ClaimStore(store_id=store.store_id, name=store.name) for store in stores],
        days=days,
    )


async def of_programme(
    connection: Any, programme_id: UUID, state: ClaimState | None, cursor: str | None, limit: int
) -> ProgrammeClaims:
    """A page of a programme's claims, oldest first."""
    after = cursors.decode(cursor) if cursor else _BEGIN
    found = await repository.page(connection, programme_id, state, after, limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    return ProgrammeClaims(
        items=found[:limit],
        next_cursor=cursors.encode(cursors.Place(last.asked_at, UUID(last.claim_id))) if last else None,
    )


async def make(
    connection: Any, member: MemberSession, request: ClaimRequest, key: str, now: datetime
) -> tuple[Claim, bool]:
    """Keep a claim; whether this very one was made before. Refuses one that is too late, or made already."""
    await me.profile(connection, member, now)
    before = await repository.with_key(connection, member.member_id, key)
    if before is not None:
        return _same(before, request), True
    settings = await connection.fetchrow(
        "select claim_days, claim_answer_days, timezone from programme where programme_id = $1", member.programme_id
    )
    receipt = await _receipt(connection, member, request, ZoneInfo(settings["timezone"]))
    today = now.astimezone(ZoneInfo(settings["timezone"])).date()
    if receipt.day > today:
        raise invalid("day", "must not be in the future")
    if (today - receipt.day).days > settings["claim_days"]:
        raise Refusal(
            409,
            ErrorCode.CLAIM_TOO_LATE,
            f"A claim can be made for {settings['claim_days']} days after the purchase.",
            params={"days": settings["claim_days"]},
        )
    bucket = hmac.digest(member.member_id.bytes, b"claims", "sha256").hex()
    if not await rate_limits.within(connection, bucket, A_DAY, timedelta(days=1), now):
        raise too_many("That are enough claims for a day.", 86_400)
    made = await connection.fetchval(
        _INSERT,
        member.member_id,
        new_id(now),
        member.programme_id,
        key,
        request.kind,
        receipt.purchase_id,
        receipt.store_id,
        receipt.receipt_number,
        receipt.day,
        receipt.total,
        request.note.strip(),
        now,
        settings["claim_answer_days"],
    )
    claim = await repository.with_key(connection, member.member_id, key)
    if claim is None:
        raise Refusal(409, ErrorCode.CLAIM_MADE, "There is an open claim about this receipt. It will be answered.")
    return (claim, False) if made else (_same(claim, request), True)


async def _receipt(connection: Any, member: MemberSession, request: ClaimRequest, zone: ZoneInfo) -> _Receipt:
    if request.kind == "amount":
        return await _bought(connection, member, request.purchase_id or "", zone)
    if request.store_id is None or request.day is None or request.receipt_number is None or request.total is None:
        raise invalid("kind", "needs store_id, day, receipt_number and total")
    if await campaigns.store(connection, member.programme_id, request.store_id) is None:
        raise Refusal(422, ErrorCode.STORE_UNKNOWN, f"There is no store {request.store_id!r} in this programme.")
    number = request.receipt_number.strip()
    owner = await connection.fetchval(
        "select member_id from ledger.receipt_claim where receipt = ledger.receipt_digest($1, $2, $3)",
        member.programme_id,
        request.store_id,
        number,
    )
    if owner == member.member_id:  # whether it is somebody else's is for the manager to know
        raise Refusal(409, ErrorCode.RECEIPT_ALREADY_POSTED, "This receipt is among your purchases already.")
    return _Receipt(request.store_id, number, request.day, request.total)


async def _bought(connection: Any, member: MemberSession, purchase_id: str, zone: ZoneInfo) -> _Receipt:
    try:
        wanted = UUID(purchase_id)
    except ValueError:
        raise not_found("There is no such purchase.") from None
    row = await connection.fetchrow(
        "select store_id, receipt_number, at, total from ledger.purchase where member_id = $1 and purchase_id = $2",
        member.member_id,
        wanted,
    )
    if row is None:
        raise not_found("There is no such purchase.")
    day = row["at"].astimezone(zone).date()
    return _Receipt(row["store_id"], row["receipt_number"], day, row["total"], wanted)


def _same(before: Claim, request: ClaimRequest) -> Claim:
    """The claim that the key made, where it says the same."""
    about = (
        request.purchase_id == before.purchase_id
        if request.kind == "amount"
        else (
            (request.store_id, request.receipt_number and request.receipt_number.strip(), request.total)
            == (before.store_id, before.receipt_number, before.total.amount)
        )
    )
    if before.kind != request.kind or not about:
        raise key_reused()
    return before
