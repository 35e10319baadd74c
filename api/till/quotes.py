"""What a basket earns and what may be spent on it, before anything is posted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from api.campaigns import service as campaigns
from api.campaigns.service import Identified, MemberStanding
from api.core.security import StaffSession
from api.problems import Refusal
from api.till import basket as baskets
from api.till import repository
from api.till.repository import Connection, Found
from contract.errors import ErrorCode
from contract.facts import MemberFacts
from contract.money import MAX_AMOUNT, POINTS, Money
from contract.rules import may_spend, may_spend_points, points_worth, quote
from contract.till import QuoteRequest, TillQuote


async def quote_basket(connection: Connection, staff: StaffSession, request: QuoteRequest, now: datetime) -> TillQuote:
    """Quote a basket for the identified member, or for a shopper of whom nothing is known."""
    if request.identification is None:
        programme = await campaigns.programme(connection, staff.programme_id)
        facts, available, points, limit = MemberFacts(), 0, 0, MAX_AMOUNT
    else:
        found, standing = await identified_standing(connection, staff, request.identification, request.at)
        if found.expires_at <= now or found.purchase_id is not None:
            raise identification_over()
        programme, facts, limit = standing.programme, standing.facts, standing.unconfirmed(request.at)
        available, points = (standing.available, standing.points) if found.can_spend else (0, 0)
    baskets.check(request, staff, programme.stores, programme.rules.currency, now)
    budgets = await campaigns.budgets(connection, programme, now)
    answer = quote(request, facts, programme.campaigns, request.at, programme.rules_at(request.at), budgets)
    rules = programme.rules_at(request.at)
    currency = rules.currency
    most = may_spend_points(request.total, available, points, rules) if points else None
    both = may_spend(request.total, available + points_worth(points, rules), rules)
    return TillQuote(
        quote=answer,
        may_spend=Money(amount=may_spend(request.total, available, rules), currency=currency),
        may_spend_points=None if most is None else Money(amount=most, currency=POINTS),
        may_spend_both=None if most is None else Money(amount=both, currency=currency),
        points_worth=None if most is None else Money(amount=points_worth(most, rules), currency=currency),
        spend_limit=None if limit >= MAX_AMOUNT else Money(amount=limit, currency=currency),
        to_pay=answer.total,
    )


async def identified(connection: Connection, staff: StaffSession, text: str, now: datetime) -> Found:
    """The live identification that a till names. Raises Refusal when it is over, or was made at another till."""
    found = await stored_identification(connection, staff, text)
    if found.expires_at <= now or found.purchase_id is not None:
        raise identification_over()
    return found


async def identified_standing(
    connection: Connection, staff: StaffSession, text: str, at: datetime
) -> tuple[Identified, MemberStanding]:
    """The identification that a till names, even when it is over, and what may be known of its member."""
    try:
        found = await campaigns.identified(connection, staff.programme_id, UUID(text), at)
    except ValueError:
        found = None
    if found is None or found[0].session_id != staff.session_id:
        raise identification_over()
    return found


async def stored_identification(connection: Connection, staff: StaffSession, text: str) -> Found:
    """The identification that a till names, even when it is over."""
    try:
        found = await repository.identification(connection, UUID(text))
    except ValueError:
        found = None
    if found is None or found.session_id != staff.session_id:
        raise identification_over()
    return found


def identification_over() -> Refusal:
    """The member must be scanned again."""
    return Refusal(
        409,
        ErrorCode.IDENTIFICATION_EXPIRED,
        "It is too long since the member was scanned. Scan the member's code again.",
    )
