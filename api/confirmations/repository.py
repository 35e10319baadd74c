"""The statements about confirmations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.database.pool import Connection
from contract.confirmations import ConfirmationState

_COLUMNS = (
    "confirmation_id, identification_id, member_id, fingerprint, state, redeem, redeem_points, amount, unit,"
    " asked_at, answer_by, good_until"
)


@dataclass(frozen=True, slots=True)
class Row:
    """A confirmation as it is stored; amounts in minor units."""

    confirmation_id: UUID
    identification_id: UUID
    member_id: UUID
    fingerprint: bytes
    state: ConfirmationState
    redeem: int
    redeem_points: int
    amount: int
    unit: str
    asked_at: datetime
    answer_by: datetime
    good_until: datetime

    def state_at(self, now: datetime) -> ConfirmationState:
        """The state that holds at a moment: one that was not answered, or not used, in time is over."""
        late = (self.state == "waiting" and self.answer_by <= now) or (
            self.state == "allowed" and self.good_until <= now
        )
        return "expired" if late else self.state


@dataclass(frozen=True, slots=True)
class Asked:
    """An identification that a till asks for; held by the caller's transaction."""

    member_id: UUID
    device_id: UUID | None
    can_spend: bool
    expires_at: datetime
    requests: int
    """How often a confirmation was asked for it before."""


async def _one(connection: Connection, where: str, *values: object) -> Row | None:
    row = await connection.fetchrow(f"select {_COLUMNS} from confirmation where {where}", *values)  # noqa: S608 (our own)
    return None if row is None else Row(*row)


async def of_key(connection: Connection, session_id: UUID, key: str) -> Row | None:
    """What a till has asked by a key before."""
    return await _one(connection, "session_id = $1 and key = $2", session_id, key)


async def of_till(connection: Connection, session_id: UUID, confirmation_id: UUID) -> Row | None:
    """A confirmation that this till has asked for."""
    return await _one(connection, "session_id = $1 and confirmation_id = $2", session_id, confirmation_id)


async def take_of_member(connection: Connection, member_id: UUID, confirmation_id: UUID) -> Row | None:
    """A confirmation that a member was asked for, held until the caller's transaction ends."""
    return await _one(connection, "member_id = $1 and confirmation_id = $2 for update", member_id, confirmation_id)


async def take_identification(
    connection: Connection, session_id: UUID, identification_id: UUID, now: datetime
) -> Asked | None:
    """A live identification of this till, held until the caller's transaction ends; None where it is over."""
    row = await connection.fetchrow(
        """select member_id, device_id, can_spend, expires_at,
                  (select count(*) from confirmation c where c.identification_id = i.identification_id) as requests
             from identification i
            where identification_id = $1 and session_id = $2 and purchase_id is null and expires_at > $3 for update""",
        identification_id,
        session_id,
        now,
    )
    return None if row is None else Asked(*row)


async def insert(
    connection: Connection, row: Row, *, programme_id: UUID, session_id: UUID, store_id: str, key: str
) -> None:
    """Store a request; what waited for the same identification is taken back."""
    await connection.execute(
        """update confirmation set state = 'withdrawn', settled_at = $2
            where identification_id = $1 and state = 'waiting'""",
        row.identification_id,
        row.asked_at,
    )
    await connection.execute(
        """insert into confirmation (confirmation_id, programme_id, member_id, identification_id, session_id, store_id,
                                     key, fingerprint, redeem, redeem_points, amount, unit, asked_at, answer_by,
                                     good_until)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)""",
        row.confirmation_id,
        programme_id,
        row.member_id,
        row.identification_id,
        session_id,
        store_id,
        key,
        row.fingerprint,
        row.redeem,
        row.redeem_points,
        row.amount,
        row.unit,
        row.asked_at,
        row.answer_by,
        row.good_until,
    )


async def settle(
    connection: Connection, confirmation_id: UUID, state: ConfirmationState, device_id: UUID, now: datetime
) -> None:
    """Keep a member's answer."""
    await connection.execute(
        "update confirmation set state = $2, device_id = $3, settled_at = $4 where confirmation_id = $1",
        confirmation_id,
        state,
        device_id,
        now,
    )


async def withdraw(connection: Connection, session_id: UUID, confirmation_id: UUID, now: datetime) -> None:
    """Take a request back that is not used; what is over stays as it is."""
    await connection.execute(
        """update confirmation set state = 'withdrawn', settled_at = $3
            where confirmation_id = $1 and session_id = $2 and state in ('waiting', 'allowed')""",
        confirmation_id,
        session_id,
        now,
    )


async def wallet_version(connection: Connection, member_id: UUID) -> int:
    """The member's clock."""
    return await connection.fetchval("select version from ledger.wallet where member_id = $1 and home", member_id) or 0


async def set_spend_limit(connection: Connection, member_id: UUID, limit: int | None) -> None:
    """What tills may spend without asking her."""
    await connection.execute(
        "update member set spend_limit = $2 where member_id = $1 and closed_at is null", member_id, limit
    )


async def forget(connection: Connection, before: datetime) -> None:
    """Requests that were over before a moment."""
    await connection.execute("delete from confirmation where good_until < $1", before)


_USE = """
    update confirmation set state = 'used', purchase_id = $2 where confirmation_id = (
        select c.confirmation_id from confirmation c join identification i using (identification_id)
         where c.member_id = $1 and c.state = 'allowed' and i.purchase_id = $2 and c.good_until > $3
           and c.unit = $4 and c.redeem >= $5 and c.redeem_points >= $6
         order by c.amount limit 1 for update of c)"""


async def use(
    connection: Connection, member_id: UUID, purchase_id: UUID, unit: str, redeem: int, points: int, now: datetime
) -> bool:
    """Use up what was allowed for a purchase's identification; False where nothing is that covers it."""
    return (await connection.execute(_USE, member_id, purchase_id, now, unit, redeem, points)) == "UPDATE 1"
