"""The journal is tamper-evident: the chain of an exported statement can be checked without the database."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from api.ledger.verify import verify
from contract.journal import JournalRow, check_chain, hash_of, said
from tests.support.shopping import buy, campaign, give_back, line, publish, settle

_JOURNAL = """
    select m.member_id::text, m.unit, m.version, m.kind, m.from_account, m.to_account, m.amount,
           coalesce(m.lot_id::text, ''), coalesce(m.purchase_id::text, ''), coalesce(m.refund_id::text, ''),
           m.event_at, m.recorded_at, m.pending_after, m.available_after, m.debt_after,
           encode(coalesce(lag(m.hash) over (order by m.version), ''), 'hex'), encode(m.hash, 'hex')
      from ledger.movement m order by m.version"""


@pytest.fixture
async def rows(database, programme, clock, make_member) -> list[JournalRow]:
    """Real rows of every kind that a shopper sees, with odd microseconds."""
    clock.move(seconds=0.123457)
    terms = {"pending_days": 1, "expiry": {"kind": "days", "days": 30}}
    await publish(database, programme.programme_id, clock.now(), campaign(**terms))
    member = await make_member()
    first = await buy(database, member, clock.now(), [line(10_000)])
    await settle(database, clock.move(days=2, seconds=0.000001))
    spent = await buy(database, member, clock.now(), [line(2_000)], redeem=300)
    await give_back(database, member, first, clock.move(minutes=1))
    await settle(database, clock.move(days=3))
    await give_back(database, member, spent, clock.move(minutes=1), {0: 1})
    await buy(database, member, clock.now(), [line(9_000)])
    await settle(database, clock.move(days=90))
    return [JournalRow(*row) for row in await database.fetch(_JOURNAL)]


async def test_the_reader_says_what_the_database_says(rows, database) -> None:
    assert len({row.kind for row in rows}) >= 6
    told = await database.fetch("select ledger.said(m) as said from ledger.movement m order by version")
    assert [said(row) for row in rows] == [row["said"] for row in told]
    assert [hash_of(row) for row in rows] == [row.hash for row in rows]
    assert check_chain(rows) is None
    assert check_chain(rows[3:]) is None


@pytest.mark.parametrize("name", [field.name for field in fields(JournalRow)])
async def test_a_change_of_any_field_breaks_the_chain_at_its_row(rows, name) -> None:
    for place, row in enumerate(rows):
        before = getattr(row, name)
        if isinstance(before, int):
            after: object = before + 1
        elif name in ("event_at", "recorded_at"):
            after = before + timedelta(microseconds=1)
        elif name.endswith("hash"):
            after = ("0" if before[:1] != "0" else "1") + before[1:] if before else "00" * 32
        else:
            after = str(uuid4()) if name.endswith("_id") else before + "x"
        forged = replace(row, **{name: after})
        assert check_chain([*rows[:place], forged, *rows[place + 1 :]]) == forged


async def test_a_row_left_out_put_in_or_moved_breaks_the_chain(rows) -> None:
    assert check_chain([*rows[:2], *rows[3:]]) == rows[3]
    assert check_chain([*rows[:3], rows[2], *rows[3:]]) == rows[2]
    assert check_chain([rows[1], rows[0], *rows[2:]]) == rows[0]


async def test_a_forger_who_hashes_anew_is_found_by_the_balances(rows) -> None:
    forged = replace(rows[2], amount=rows[2].amount + 1)
    forged = replace(forged, hash=hash_of(forged))
    assert check_chain([*rows[:2], forged]) == forged


async def test_verify_finds_a_movement_that_was_changed_in_the_database(rows, database, connections) -> None:
    owner = await asyncpg.connect(connections.owner_dsn)
    try:
        await owner.execute(
            "update ledger.movement set event_at = event_at - interval '1 day' where version = $1", rows[1].version
        )
    finally:
        await owner.close()
    async with database.connection() as connection:
        found = await verify(connection)
    assert [finding.row["version"] for finding in found.findings] == [rows[1].version]
