"""What the kit and the receipts queued by it read and write beside the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from api.database.pool import Connection

_SIGNERS = """
    select s.session_id, s.created_at, least(s.expires_at, s.revoked_at) as until from session s
     where s.session_id = any($1) and s.kind = 'staff' and s.programme_id = $2 and s.store_id = $3"""
_TERMS = """
    with known as (
        select version, campaigns, lead(made_at) over (order by made_at) as replaced_at from till_kit
         where programme_id = $1 and made_at > $3)
    select k.version, k.replaced_at,
           array(select v.body::text from jsonb_array_elements(k.campaigns) c
                   join campaign_version v on v.programme_id = $1 and v.campaign_id = c->>0 and v.version = (c->>1)::int
                  order by v.campaign_id, v.version) as versions
      from known k where k.version = any($2)"""
_LOST_IDENTIFICATION = """
    select i.identification_id, i.member_id, i.can_spend from identification i
     where i.session_id = $1 and i.key = $2 and i.fingerprint = $3 and i.programme_id = $4 and i.purchase_id is null"""
_KEEP = """
    insert into queued_receipt (programme_id, store_id, key, outcome, receipt_number, member_id, purchase_id, code,
                                key_id, said, mac, unit, told, earned, shortfall, confirmed_at, received_at, sent_by,
                                spent, member_number, staff_id)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
    on conflict do nothing"""
_AT_RISK = "(q.shortfall > 0 or q.outcome = 'refused' or q.earned < q.told)"
_WHICH = {"problems": _AT_RISK, "spent": "q.spent > 0", "all": "true"}
_NAMED = """
      left join session s on s.session_id = q.key_id
      left join staff st on st.staff_id = coalesce(q.staff_id, s.staff_id)
      left join store so on so.programme_id = q.programme_id and so.store_id = q.store_id"""
# what was refused for a moment only, and posted since, stands there twice
_SETTLED = """
    q.programme_id = $1 and ($2::text is null or q.store_id = $2)
      and not (q.outcome = 'refused' and exists (select from queued_receipt p where p.programme_id = q.programme_id
               and p.store_id = q.store_id and p.key = q.key and p.outcome = 'posted'))"""
_LISTED = f"""
    select q.*, coalesce(s.device_name, '') as till, coalesce(st.name, '') as staff_name,
           coalesce(so.name, q.store_id) as store_name, coalesce(m.name, '') as member_name
      from queued_receipt q {_NAMED} left join member m on m.member_id = q.member_id
     where {_SETTLED}"""  # noqa: S608 - our own words
_SUMS = f"""
    select coalesce(s.device_name, '') as till, coalesce(st.name, '') as staff_name,
           coalesce(so.name, q.store_id) as store_name, count(*) as receipts, sum(q.spent)::bigint as spent,
           sum(q.shortfall)::bigint as shortfall, count(*) filter (where q.outcome = 'refused') as refused,
           count(*) filter (where q.outcome = 'posted' and q.earned < q.told) as earned_less
      from queued_receipt q {_NAMED}
     where {_SETTLED} and q.received_at >= $3
     group by 1, 2, 3 order by shortfall desc, spent desc, 3, 1, 2 limit 200"""  # noqa: S608 - our own words
_SHORTFALL = f"select coalesce(sum(shortfall), 0)::bigint from queued_receipt q where {_SETTLED} and {_AT_RISK}"  # noqa: S608


async def offers_version(connection: Connection, programme_id: UUID) -> asyncpg.Record | None:
    """The (offers_version, epoch) of a programme as of now."""
    return await connection.fetchrow(
        "select offers_version, epoch from programme where programme_id = $1", programme_id
    )


async def keep_kit(
    connection: Connection, programme_id: UUID, version: str, campaigns: list[tuple[str, int]], now: datetime
) -> None:
    """Remember which terms a kit holds."""
    await connection.execute(
        """insert into till_kit (programme_id, version, campaigns, made_at) values ($1, $2, $3, $4)
           on conflict do nothing""",
        programme_id,
        version,
        campaigns,
        now,
    )


async def terms_of(
    connection: Connection, programme_id: UUID, versions: Iterable[str], since: datetime
) -> list[asyncpg.Record]:
    """The campaign versions of kits that were made since, and when each kit was replaced."""
    return list(await connection.fetch(_TERMS, programme_id, list(versions), since))


async def signers(
    connection: Connection, programme_id: UUID, store_id: str, sessions: Iterable[UUID]
) -> dict[UUID, tuple[datetime, datetime]]:
    """From when to when each of these staff sessions of the store could sign."""
    rows = await connection.fetch(_SIGNERS, list(sessions), programme_id, store_id)
    return {row[0]: (row[1], row[2]) for row in rows}


async def sellers(connection: Connection, programme_id: UUID, named: Iterable[UUID]) -> dict[str, UUID]:
    """Those of the ids that are staff of the programme, by their text."""
    asked = list(named)
    if not asked:
        return {}
    rows = await connection.fetch(
        "select staff_id from staff where programme_id = $1 and staff_id = any($2)", programme_id, asked
    )
    return {str(row[0]): row[0] for row in rows}


async def lost_identification(
    connection: Connection, programme_id: UUID, session_id: UUID, key: str, fingerprint: bytes
) -> asyncpg.Record | None:
    """The unused identification that a till made by a call whose answer it never got."""
    return await connection.fetchrow(_LOST_IDENTIFICATION, session_id, key, fingerprint, programme_id)


async def keep_evidence(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Keep queued receipts as they were signed, with what came of each; once."""
    await connection.executemany(_KEEP, rows)


async def listed(
    connection: Connection,
    programme_id: UUID,
    store_id: str | None,
    which: str,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[asyncpg.Record]:
    """Queued receipts of a store, or of all, newest first: `problems`, `spent` or `all`."""
    earlier = "and (q.received_at, q.place) < ($4, $5)" if before else ""
    query = f"{_LISTED} and {_WHICH[which]} {earlier} order by q.received_at desc, q.place desc limit $3"
    return list(await connection.fetch(query, programme_id, store_id, limit, *(before or ())))


async def sums(
    connection: Connection, programme_id: UUID, store_id: str | None, since: datetime
) -> list[asyncpg.Record]:
    """What each person gave at each till without a network, by what was received since."""
    return list(await connection.fetch(_SUMS, programme_id, store_id, since))


async def total_shortfall(connection: Connection, programme_id: UUID, store_id: str | None) -> int:
    """All that tills gave without a network and no balance covered, in minor units."""
    return int(await connection.fetchval(_SHORTFALL, programme_id, store_id))
