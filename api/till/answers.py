"""The answer to an identification, however the member was found."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from api.campaigns import service as campaigns
from api.core.security import StaffSession
from api.database.pool import Connection
from api.till import member_card, repository
from contract.money import MAX_AMOUNT, Money
from contract.rules import may_spend
from contract.till import Identification


async def identification(
    connection: Connection,
    staff: StaffSession,
    identification_id: UUID,
    member_id: UUID,
    expires_at: datetime,
    now: datetime,
    *,
    by_code: bool,
) -> Identification:
    """Who is at the till, and what she may do: earn, and with a code of her own spend, unless her device is too new."""
    standing = await campaigns.member_facts(connection, staff.programme_id, member_id, now)
    rules = standing.programme.rules_at(now)
    opens = await repository.spending_opens(connection, identification_id) if by_code else None
    waits = opens is not None and opens > now
    held = await repository.being_checked(connection, member_id, rules.currency)
    limit = min(standing.programme.spend_limit, standing.unconfirmed(now)) if by_code else 0
    return Identification(
        identification=str(identification_id),
        expires_at=expires_at,
        member_name=standing.name,
        wallet=standing.wallet(now),
        can_spend=by_code and not waits and may_spend(MAX_AMOUNT, standing.available, rules) > 0,
        spend_limit=Money(amount=limit, currency=rules.currency),
        spending_opens_at=opens if waits else None,
        held=Money(amount=held, currency=rules.currency) if held else None,
        **await member_card.card(connection, staff, standing, now),
    )
