"""What a till was refused and a manager should hear of. On refused paths only: what is accepted is looked at later."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from api.core.security import StaffSession
from api.database.pool import Connection
from api.problems import Refusal
from api.reviews import repository as reviews
from api.till import repository
from contract.basket import Basket
from contract.errors import ErrorCode


async def receipt_again(
    connection: Connection, staff: StaffSession, basket: Basket, member_id: UUID, now: datetime
) -> None:
    """A receipt number came a second time: when it was another member's, it is put on the review list."""
    first = await connection.fetchrow(
        """select c.member_id, c.purchase_id, m.name from ledger.receipt_claim c join member m using (member_id)
            where c.receipt = ledger.receipt_digest($1, $2, $3)""",
        staff.programme_id,
        basket.store_id,
        basket.receipt_number,
    )
    if first is None or first["member_id"] == member_id:
        return
    await reviews.open_review(
        connection,
        staff.programme_id,
        "receipt_on_two_members",
        f"{basket.store_id}:{basket.receipt_number}:{member_id}",
        now,
        {
            "receipt_number": basket.receipt_number,
            "total": basket.total,
            "first_member": first["name"],
            "first_purchase": str(first["purchase_id"]),
        },
        store_id=basket.store_id,
        member_id=member_id,
        staff_id=staff.staff_id,
        session_id=staff.session_id,
    )


async def own_account(connection: Connection, staff: StaffSession, member_id: UUID, now: datetime) -> None:
    """Somebody tried to serve her own account, or one linked to her."""
    count = await connection.fetchval(
        """select (evidence ->> 'count')::integer from review
            where programme_id = $1 and kind = 'own_account' and subject = $2 and state = 'open'""",
        staff.programme_id,
        f"{staff.staff_id}:{member_id}",
    )
    await reviews.open_review(
        connection,
        staff.programme_id,
        "own_account",
        f"{staff.staff_id}:{member_id}",
        now,
        {"count": (count or 0) + 1},
        store_id=staff.store_id,
        member_id=member_id,
        staff_id=staff.staff_id,
        session_id=staff.session_id,
    )


async def check_device(
    connection: Connection, programme_id: UUID, member_id: UUID, device_id: UUID, now: datetime
) -> None:
    """Refuse a device that signed in too lately to spend."""
    opens = await repository.spending_opens_of(connection, programme_id, member_id, device_id)
    if opens is not None and opens > now:
        raise spend_later(opens)


def spend_later(opens_at: datetime | None) -> Refusal:
    """The member's device is too new to spend."""
    return Refusal(
        422,
        ErrorCode.SPEND_NEW_DEVICE,
        "This member's device has signed in only lately. It may earn now, and spend later.",
        params={"opens_at": opens_at.isoformat()} if opens_at else None,
    )
