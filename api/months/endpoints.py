"""Cashback by month over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.core.platform import InDatabase
from api.core.security import CurrentMember
from api.months import repository
from api.problems import responses
from contract.money import Money
from contract.months import Month, Months

router = APIRouter(prefix="/me", tags=["me"])


@router.get("/months", responses=responses(401, 403))
async def months(member: CurrentMember, database: InDatabase, most: Annotated[int, Query(ge=1, le=120)] = 36) -> Months:
    """Sum the member's purchases up by month: what they cost, earned and spent."""
    async with database.connection() as connection:
        currency, timezone = await repository.currency_and_zone(connection, member.programme_id)
        rows = await repository.months(connection, member.member_id, most)

    def money(amount: int) -> Money:
        return Money(amount=amount, currency=currency)

    items = [
        Month(
            month=row.month,
            purchases=row.purchases,
            total=money(row.total),
            earned=money(row.earned),
            redeemed=money(row.redeemed),
        )
        for row in reversed(rows)
    ]
    return Months(currency=currency, timezone=timezone, items=items)
