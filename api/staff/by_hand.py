"""Cashback by hand: two people, a reason, and a movement of its own in the ledger."""

from __future__ import annotations

from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from api.audit import repository as audit
from api.campaigns import service as campaigns
from api.core.security import StaffSession
from api.database.pool import Database
from api.problems import own_account
from api.staff.approvals import approved
from api.till.identify import key_reused
from api.till.quotes import identified
from contract.money import Money
from contract.staff import Credit, CreditRequest


async def credit(
    database: Database, staff: StaffSession, request: CreditRequest, key: str, now: datetime
) -> tuple[Credit, UUID]:
    """Give an amount, once for a key; answers it with the member. Raises Refusal; then nothing was written."""
    who = await approved(database, staff, request.approval, now)
    credit_id = uuid5(NAMESPACE_URL, f"credit:{staff.programme_id}:{staff.store_id}:{key}")
    async with database.transaction() as connection:
        found = await identified(connection, staff, request.identification, now)
        linked = await connection.fetchval(
            "select true from staff_account where member_id = $1 and staff_id = any($2)",
            found.member_id,
            [staff.staff_id, who.staff_id],
        )
        if linked:
            raise own_account()
        programme = await campaigns.programme(connection, staff.programme_id)
        new = await connection.fetchval(
            "select ledger.adjust($1, $2, $3, $4, null, $5, $6, $7, null, $8)",
            found.member_id,
            programme.currency,
            credit_id,
            request.amount,
            staff.staff_id,
            staff.session_id,
            request.reason,
            now,
        )
        if new:
            await audit.write(
                connection,
                staff,
                "credit",
                now,
                subject=str(credit_id),
                member_id=found.member_id,
                evidence={"amount": request.amount, "reason": request.reason, "approved_by": str(who.staff_id)},
            )
        else:
            before = await connection.fetchrow(
                "select amount, reason from ledger.adjustment where member_id = $1 and adjustment_id = $2",
                found.member_id,
                credit_id,
            )
            if before is None or tuple(before) != (request.amount, request.reason):
                raise key_reused()
        standing = await campaigns.member_facts(connection, staff.programme_id, found.member_id, now)
    amount = Money(amount=request.amount, currency=programme.currency)
    done = Credit(credit_id=str(credit_id), amount=amount, member_name=standing.name, wallet=standing.wallet(now))
    return done, found.member_id
