"""What the till reads and writes beside the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from api.database.pool import Connection
from api.till.codes import Device

__all__ = ["Connection"]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which of a store's purchases are meant: `at` bounds the purchase, `recorded` when it was written down."""

    receipt_number: str | None = None
    member_id: UUID | None = None
    name: str | None = None
    at: tuple[datetime, datetime] | None = None
    recorded: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A key that was used before: with which body (8 bytes of its digest), and what came of it."""

    fingerprint: int
    member_id: UUID
    purchase_id: UUID
    refund_id: UUID | None

    def is_of(self, fingerprint: bytes) -> bool:
        """Whether it was used with that body."""
        return self.fingerprint == int.from_bytes(fingerprint[:8].ljust(8, b"\0"), signed=True)


@dataclass(frozen=True, slots=True)
class Found:
    """An identification as it is stored."""

    identification_id: UUID
    member_id: UUID
    session_id: UUID
    can_spend: bool
    fingerprint: bytes
    expires_at: datetime
    purchase_id: UUID | None


async def claimed(connection: Connection, scope: str, key: str) -> Claimed | None:
    """What an idempotency key was used for, if it was."""
    row = await connection.fetchrow(
        """select fingerprint, member_id, purchase_id, refund_id from ledger.write_claim
            where claim = ledger.key_digest($1, $2)""",
        scope,
        key,
    )
    return Claimed(*row) if row else None


async def member_of_number(connection: Connection, member_number: str) -> tuple[UUID, UUID] | None:
    """The (member, programme) of a member number."""
    row = await connection.fetchrow(
        "select member_id, programme_id from member_number where member_number = $1", member_number
    )
    return (row["member_id"], row["programme_id"]) if row else None


async def devices_of(connection: Connection, member_id: UUID, now: datetime) -> list[Device]:
    """The devices on which the member is signed in."""
    rows = await connection.fetch(
        """select session_id, last_step from session
            where member_id = $1 and revoked_at is null and expires_at > $2 order by last_seen_at desc limit 20""",
        member_id,
        now,
    )
    return [Device(row["session_id"], row["last_step"]) for row in rows]


async def devices_signed_out(connection: Connection, member_id: UUID, since: datetime, now: datetime) -> list[UUID]:
    """The devices that were signed out, or left alone until they were, since a moment."""
    rows = await connection.fetch(
        """select session_id from session
            where member_id = $1 and (revoked_at > $2 or (revoked_at is null and expires_at between $2 and $3))
            order by last_seen_at desc limit 20""",
        member_id,
        since,
        now,
    )
    return [row["session_id"] for row in rows]


async def accept_step(connection: Connection, device_id: UUID, step: int) -> bool:
    """Remember a device's step as accepted; False when it, or a later one, was before."""
    tag = await connection.execute(
        """update session set last_step = $2,
                  used_steps = array(select s from unnest(used_steps) s where s > $2 - 20300) || $2
            where session_id = $1 and last_step < $2 and revoked_at is null""",
        device_id,
        step,
    )
    return tag == "UPDATE 1"


_IDENTIFICATION = "identification_id, member_id, session_id, can_spend, fingerprint, expires_at, purchase_id"


async def insert_identification(
    connection: Connection,
    *,
    identification_id: UUID,
    programme_id: UUID,
    member_id: UUID,
    session_id: UUID,
    device_id: UUID,
    key: str,
    fingerprint: bytes,
    now: datetime,
    expires_at: datetime,
) -> bool:
    """Store who was identified at a till; False when the key was used before."""
    tag = await connection.execute(
        """insert into identification (identification_id, programme_id, member_id, session_id, device_id, can_spend,
                                       key, fingerprint, created_at, expires_at)
           values ($1, $2, $3, $4, $5, coalesce(ledger.spending_opens($2, $3, $5) <= $8, true), $6, $7, $8, $9)
               on conflict (session_id, key) do nothing""",
        identification_id,
        programme_id,
        member_id,
        session_id,
        device_id,
        key,
        fingerprint,
        now,
        expires_at,
    )
    return tag == "INSERT 0 1"


async def identification(connection: Connection, identification_id: UUID) -> Found | None:
    """One identification."""
    row = await connection.fetchrow(
        f"select {_IDENTIFICATION} from identification where identification_id = $1",  # noqa: S608 (columns of our own)
        identification_id,
    )
    return Found(*row) if row else None


async def identification_by_key(connection: Connection, session_id: UUID, key: str) -> Found | None:
    """The identification that a till made with a key before."""
    row = await connection.fetchrow(
        f"select {_IDENTIFICATION} from identification where session_id = $1 and key = $2",  # noqa: S608
        session_id,
        key,
    )
    return Found(*row) if row else None


async def posted(connection: Connection, member_id: UUID, purchase_id: UUID) -> asyncpg.Record | None:
    """One purchase as it was posted, with the wallet after it."""
    return await connection.fetchrow(
        """select p.*, m.name as member_name from ledger.purchase p join member m using (member_id)
            where p.member_id = $1 and p.purchase_id = $2""",
        member_id,
        purchase_id,
    )


async def refund_done(connection: Connection, member_id: UUID, refund_id: UUID) -> asyncpg.Record | None:
    """One refund with the wallet after it."""
    return await connection.fetchrow(
        """select r.*, p.unit from ledger.refund r join ledger.purchase p using (member_id, purchase_id)
            where r.member_id = $1 and r.refund_id = $2""",
        member_id,
        refund_id,
    )


# Its id says when it was recorded, and each store's purchases are found by that: no index is kept on the id alone.
_OF_PROGRAMME = """
    select p.member_id, p.store_id, s.channel from store s
      join ledger.purchase p on p.programme_id = s.programme_id and p.store_id = s.store_id and p.purchase_id = $2
                            and p.recorded_at between uuid_extract_timestamp($2) - interval '2 milliseconds'
                                                  and uuid_extract_timestamp($2) + interval '2 milliseconds'
     where s.programme_id = $1"""


async def purchase_of_programme(
    connection: Connection, programme_id: UUID, purchase_id: UUID
) -> tuple[UUID, str, str] | None:
    """The (member, store, the store's channel) of a purchase of this programme."""
    row = await connection.fetchrow(
        _OF_PROGRAMME,
        programme_id,
        purchase_id,
    )
    return (row["member_id"], row["store_id"], row["channel"]) if row else None


async def spending_opens(connection: Connection, identification_id: UUID) -> datetime | None:
    """From when on the device that was scanned may spend, where it is new."""
    opens: datetime | None = await connection.fetchval(
        """select ledger.spending_opens(programme_id, member_id, device_id) from identification
            where identification_id = $1""",
        identification_id,
    )
    return opens


async def spending_opens_of(
    connection: Connection, programme_id: UUID, member_id: UUID, device_id: UUID
) -> datetime | None:
    """The same of a member's device."""
    opens: datetime | None = await connection.fetchval(
        "select ledger.spending_opens($1, $2, $3)", programme_id, member_id, device_id
    )
    return opens


async def being_checked(connection: Connection, member_id: UUID, unit: str) -> int:
    """What of a wallet is held while somebody looks at its purchases, in minor units."""
    held: int = await connection.fetchval(
        "select coalesce(sum(remaining), 0)::bigint from ledger.lot where member_id = $1 and held and unit = $2",
        member_id,
        unit,
    )
    return held


async def sold(connection: Connection, member_id: UUID, purchase_id: UUID) -> asyncpg.Record | None:
    """A purchase's basket and quote, and its refunds so far, as one consistent row."""
    return await connection.fetchrow(
        """select p.unit, p.redeemed, p.points, p.points_spent, p.points_worth, p.total, p.refunds,
                  p.basket, p.quote, p.store_id,
                  coalesce((select jsonb_agg(r.lines) from ledger.refund r
                             where r.member_id = p.member_id and r.purchase_id = p.purchase_id), '[]') as refunded,
                  exists (select from ledger.held h where h.member_id = p.member_id and h.purchase_id = p.purchase_id
                             and h.state = 'rejected') as rejected,
                  array(select row(l.campaign_id, l.campaign_version, l.original)
                          from ledger.lots_of(p.member_id, p.purchase_id) l where l.unit = 'STM') as stamps
             from ledger.purchase p where p.member_id = $1 and p.purchase_id = $2""",
        member_id,
        purchase_id,
    )


async def store_purchases(
    connection: Connection,
    programme_id: UUID,
    store_id: str,
    wanted: Narrowed,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[asyncpg.Record]:
    """Purchases of one store, latest posted first."""
    conditions: list[str] = ["p.programme_id = $1", "p.store_id = $2"]
    arguments: list[Any] = [programme_id, store_id, limit]

    def narrow(condition: str, *values: Any) -> None:
        places = [f"${len(arguments) + n}" for n in range(1, len(values) + 1)]
        arguments.extend(values)
        conditions.append(condition.format(*places))

    if wanted.receipt_number:
        narrow("p.receipt_number = {}", wanted.receipt_number)
    if wanted.member_id is not None:
        narrow("p.member_id = {}", wanted.member_id)
    if wanted.name is not None:
        narrow("strpos(lower(m.name), lower({})) > 0", wanted.name)
    if wanted.at is not None:
        narrow("p.at >= {} and p.at < {}", *wanted.at)
    if wanted.recorded is not None:
        narrow("p.recorded_at >= {} and p.recorded_at < {}", *wanted.recorded)
    if before:
        narrow("(p.recorded_at, p.purchase_id) < ({}, {})", *before)
    query = f"""select p.purchase_id, p.receipt_number, p.at, p.recorded_at, p.total, p.earned, p.redeemed, p.unit,
                       m.name as member_name, p.refunds > 0 as refunded, coalesce(st.name, '') as staff_name,
                       nullif(h.state, 'cleared') as review,
                       case h.state when 'cleared' then null else v.kind end as review_kind
                  from ledger.purchase p join member m using (member_id)
                  left join staff st on st.staff_id = p.staff_id
                  left join ledger.held h on h.member_id = p.member_id and h.purchase_id = p.purchase_id
                  left join review v on v.review_id = h.review_id
                 where {" and ".join(conditions)} order by p.recorded_at desc, p.purchase_id desc limit $3"""  # noqa: S608
    return list(await connection.fetch(query, *arguments))
