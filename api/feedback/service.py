"""Keeps feedback, one a purchase, open to change for a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from api.core.security import MemberSession
from api.problems import Refusal, not_found
from api.purchases import cursors
from contract.errors import ErrorCode
from contract.feedback import Feedback, FeedbackRequest, ProgrammeFeedback, ProgrammeFeedbacks

OPEN = timedelta(days=1)
_END = cursors.Place(datetime(9999, 1, 1, tzinfo=UTC), UUID(int=0))
_GIVE = """
insert into feedback as f (member_id, purchase_id, programme_id, store_id, rating, comment, given_at, changed_at)
select member_id, purchase_id, programme_id, store_id, $3, $4, $5, $5 from ledger.purchase
 where member_id = $1 and purchase_id = $2
on conflict (member_id, purchase_id) do update set rating = $3, comment = $4, changed_at = $5 where f.given_at > $6
returning given_at
"""
_LIST = """
select f.purchase_id, p.receipt_number, f.store_id, coalesce(s.name, f.store_id) as store_name,
       f.rating, f.comment, f.given_at
  from feedback f join ledger.purchase p using (member_id, purchase_id)
  left join store s on s.programme_id = f.programme_id and s.store_id = f.store_id
 where f.programme_id = $1 and (f.given_at, f.purchase_id) < ($2, $3)
 order by f.given_at desc, f.purchase_id desc limit $4
"""


async def one(connection: Any, member_id: UUID, purchase_id: UUID) -> Feedback:
    """What was said of a purchase. 404 where nothing was, or the purchase is not hers."""
    row = await connection.fetchrow(
        "select rating, comment, given_at from feedback where member_id = $1 and purchase_id = $2",
        member_id,
        purchase_id,
    )
    if row is None:
        raise not_found("Nothing was said of this purchase.")
    return Feedback(purchase_id=str(purchase_id), open_until=row["given_at"] + OPEN, **dict(row))


async def give(
    connection: Any, member: MemberSession, purchase_id: UUID, request: FeedbackRequest, now: datetime
) -> Feedback:
    """Keep it, or change what was said within a day."""
    comment = request.comment.strip()
    given_at = await connection.fetchval(_GIVE, member.member_id, purchase_id, request.rating, comment, now, now - OPEN)
    if given_at is None:
        await one(connection, member.member_id, purchase_id)  # 404 where there is no such purchase
        raise Refusal(409, ErrorCode.FEEDBACK_CLOSED, "This was said more than a day ago and stands.")
    return await one(connection, member.member_id, purchase_id)


async def listing(connection: Any, programme_id: UUID, cursor: str | None, limit: int) -> ProgrammeFeedbacks:
    """A page of what was said, newest first."""
    before = cursors.decode(cursor) if cursor else _END
    rows = await connection.fetch(_LIST, programme_id, before.at, before.purchase_id, limit + 1)
    items = [ProgrammeFeedback.model_validate({**dict(row), "purchase_id": str(row["purchase_id"])}) for row in rows]
    last = rows[limit - 1] if len(rows) > limit else None
    return ProgrammeFeedbacks(
        items=items[:limit],
        next_cursor=cursors.encode(cursors.Place(last["given_at"], last["purchase_id"])) if last else None,
    )
