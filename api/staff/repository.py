"""The statements about staff."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import asyncpg

from api.database.pool import Connection

_LIST = """
    select st.*, s.name as store_name,
           (select max(x.last_seen_at) from session x where x.staff_id = st.staff_id) as last_seen_at,
           (select count(*) from staff_account a where a.staff_id = st.staff_id) as linked
      from staff st join store s using (programme_id, store_id)
     where st.programme_id = $1 and ($2::text is null or st.store_id = $2) and ($3::uuid is null or st.staff_id = $3)
     order by st.store_id, st.deactivated_at is not null, st.staff_number"""


async def listed(
    connection: Connection, programme_id: UUID, store_id: str | None, staff_id: UUID | None = None
) -> list[asyncpg.Record]:
    """The staff of one store or of all, or one of them."""
    return list(await connection.fetch(_LIST, programme_id, store_id, staff_id))


async def looks_after_all(connection: Connection, staff_id: UUID) -> bool:
    """Whether a manager looks after the staff of every store."""
    return bool(await connection.fetchval("select all_stores from staff where staff_id = $1", staff_id))


async def add(connection: Connection, values: dict[str, object]) -> bool:
    """Add somebody; False when the number is taken at that store."""
    names = list(values)
    places = ", ".join(f"${n}" for n in range(1, len(names) + 1))
    tag = await connection.execute(
        f"insert into staff ({', '.join(names)}) values ({places}) on conflict do nothing",  # noqa: S608 (our names)
        *values.values(),
    )
    return tag == "INSERT 0 1"


async def change(connection: Connection, staff_id: UUID, values: dict[str, object]) -> None:
    """Change columns of one member of staff."""
    sets = ", ".join(f"{name} = ${n}" for n, name in enumerate(values, 2))
    await connection.execute(f"update staff set {sets} where staff_id = $1", staff_id, *values.values())  # noqa: S608


async def end_sessions(connection: Connection, staff_id: UUID, now: datetime) -> list[UUID]:
    """End all sessions of a member of staff; answers them."""
    rows = await connection.fetch(
        "update session set revoked_at = $2 where staff_id = $1 and revoked_at is null returning session_id",
        staff_id,
        now,
    )
    return [row["session_id"] for row in rows]


async def take_over(
    connection: Connection, session_id: UUID, staff_id: UUID, refresh_hash: bytes, now: datetime, expires_at: datetime
) -> bool:
    """Hand a till's session to another member of staff; its older tokens stop counting."""
    tag = await connection.execute(
        """update session set staff_id = $2, refresh_hash = $3, previous_refresh_hash = null, rotated_at = $4,
                              last_seen_at = $4, expires_at = $5
            where session_id = $1 and revoked_at is null""",
        session_id,
        staff_id,
        refresh_hash,
        now,
        expires_at,
    )
    return tag == "UPDATE 1"


async def link(
    connection: Connection, programme_id: UUID, staff_id: UUID, member_id: UUID, by: UUID, now: datetime
) -> None:
    """Say that a member of staff may not serve an account."""
    await connection.execute(
        """insert into staff_account (staff_id, member_id, programme_id, linked_by, linked_at)
           values ($1, $2, $3, $4, $5) on conflict do nothing""",
        staff_id,
        member_id,
        programme_id,
        by,
        now,
    )


async def unlink(connection: Connection, staff_id: UUID) -> int:
    """Forget all accounts linked to a member of staff; answers how many."""
    tag = await connection.execute("delete from staff_account where staff_id = $1", staff_id)
    return int(tag.split()[-1])


async def member_named(connection: Connection, programme_id: UUID, contact: str, number: str) -> UUID | None:
    """The member with a contact or a number in a programme."""
    found: UUID | None = await connection.fetchval(
        """select member_id from member_contact where programme_id = $1 and contact = $2
           union all select member_id from member_number where programme_id = $1 and member_number = $3 limit 1""",
        programme_id,
        contact,
        number,
    )
    return found
