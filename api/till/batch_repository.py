"""What a batch of receipts reads and writes beside the ledger: each statement is about all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from api.database.pool import Connection
from api.till.codes import PastDevice
from api.till.repository import Claimed

_DEVICES = """
    select asked.member_id, s.session_id, s.created_at, least(s.expires_at, s.revoked_at), s.used_steps
      from unnest($1::uuid[]) asked(member_id)
     cross join lateral (select * from session d where d.member_id = asked.member_id and d.kind = 'member'
                            and (d.revoked_at is null or d.revoked_at > $2)
                          order by d.last_seen_at desc limit 20) s"""
_POSTED = """
    select p.purchase_id, p.receipt_number, m.name as member_name, p.total, p.earned, p.redeemed, p.points_worth,
           p.unit, p.pending_after, p.available_after, p.debt_after, p.posted_version, p.recorded_at
      from unnest($1::uuid[], $2::uuid[]) asked(member_id, purchase_id)
      join ledger.purchase p using (member_id, purchase_id) join member m using (member_id)"""
_USE_STEPS = """
    update session s set last_step = greatest(s.last_step, u.step),
           used_steps = u.step || array(
               select k from unnest(s.used_steps) k where k > greatest(s.last_step, u.step) - 20300)
      from unnest($1::uuid[], $2::bigint[]) u(session_id, step)
     where s.session_id = u.session_id and u.step <> all (s.used_steps) returning s.session_id"""
_USE_IDENTIFICATIONS = """
    update identification i set purchase_id = u.purchase_id
      from unnest($1::uuid[], $2::uuid[]) u(identification_id, purchase_id)
     where i.identification_id = u.identification_id and i.purchase_id is null returning i.identification_id"""


@dataclass(slots=True)
class Identified:
    """An identification of a store's tills."""

    identification_id: UUID
    member_id: UUID
    can_spend: bool
    created_at: datetime
    expires_at: datetime
    is_used: bool


async def claims(connection: Connection, scope: str, keys: Sequence[str]) -> dict[str, Claimed]:
    """What these idempotency keys were used for, those that were."""
    rows = await connection.fetch(
        """select k, c.fingerprint, c.member_id, c.purchase_id, c.refund_id
             from unnest($2::text[]) k join ledger.write_claim c on c.claim = ledger.key_digest($1, k)""",
        scope,
        keys,
    )
    return {row[0]: Claimed(*tuple(row)[1:]) for row in rows}


async def numbers_posted(connection: Connection, programme_id: UUID, store_id: str, numbers: Sequence[str]) -> set[str]:
    """Those of the receipt numbers that the store has posted."""
    rows = await connection.fetch(
        """select n from unnest($3::text[]) n
             join ledger.receipt_claim c on c.receipt = ledger.receipt_digest($1, $2, n)""",
        programme_id,
        store_id,
        numbers,
    )
    return {row[0] for row in rows}


async def identifications(
    connection: Connection, programme_id: UUID, store_id: str, ids: Iterable[UUID]
) -> dict[UUID, Identified]:
    """Those of the identifications that a till of the store made."""
    rows = await connection.fetch(
        """select i.identification_id, i.member_id, i.can_spend, i.created_at, i.expires_at, i.purchase_id is not null
             from identification i join session s using (session_id)
            where i.identification_id = any($1) and i.programme_id = $2 and s.store_id = $3""",
        list(ids),
        programme_id,
        store_id,
    )
    return {row[0]: Identified(*row) for row in rows}


async def members_of_numbers(connection: Connection, numbers: Sequence[str]) -> dict[str, tuple[UUID, UUID]]:
    """The (member, programme) of each member number that there is."""
    rows = await connection.fetch(
        "select member_number, member_id, programme_id from member_number where member_number = any($1)", numbers
    )
    return {row[0]: (row[1], row[2]) for row in rows}


async def devices(connection: Connection, members: Iterable[UUID], since: datetime) -> dict[UUID, list[PastDevice]]:
    """The devices on which each member was signed in at some time after `since`."""
    found: dict[UUID, list[PastDevice]] = {}
    for member_id, device_id, signed_in, until, steps in await connection.fetch(_DEVICES, list(members), since):
        found.setdefault(member_id, []).append(PastDevice(device_id, signed_in, until, frozenset(steps)))
    return found


class WalletsHeld(Exception):
    """Another transaction holds wallets of these members for longer than a moment."""

    def __init__(self, members: Iterable[UUID]) -> None:
        super().__init__()
        self.members = list(members)


async def hold_wallets(connection: Connection, members: Iterable[UUID]) -> None:
    """Keep others from these wallets until the transaction ends. In the order of their ids: no two wait in a ring.

    Raises WalletsHeld; the transaction is over then.
    """
    wanted = list(set(members))
    try:
        await connection.execute("select ledger.hold_all($1)", wanted)
    except asyncpg.LockNotAvailableError as error:
        raise WalletsHeld(wanted) from error


async def hold_free_wallets(connection: Connection, members: Iterable[UUID]) -> set[UUID]:
    """The same, for those of the wallets that nobody holds; the members of the others. Waits for none."""
    rows = await connection.fetch("select o_member from ledger.hold_free($1)", list(set(members)))
    return {row[0] for row in rows}


async def one_held_of(connection: Connection, members: Sequence[UUID]) -> UUID:
    """One of the members whose wallet is held; any where none is by now."""
    async with connection.transaction():
        held = await hold_free_wallets(connection, members)
    return next(iter(held), members[0])


async def use_steps(connection: Connection, steps: Mapping[UUID, int]) -> set[UUID]:
    """Remember a step of each device as accepted; those of the devices of which it was not before."""
    rows = await connection.fetch(_USE_STEPS, list(steps), list(steps.values()))
    return {row[0] for row in rows}


async def use_identifications(connection: Connection, purchases: Mapping[UUID, UUID]) -> set[UUID]:
    """Use identifications up for their purchases; those that were not before."""
    rows = await connection.fetch(_USE_IDENTIFICATIONS, list(purchases), list(purchases.values()))
    return {row[0] for row in rows}


async def posted(connection: Connection, purchases: Mapping[UUID, UUID]) -> dict[UUID, asyncpg.Record]:
    """Purchases (id -> member) as they were posted, with the wallets after them."""
    rows = await connection.fetch(_POSTED, list(purchases.values()), list(purchases))
    return {row["purchase_id"]: row for row in rows}
