"""What a row of the ledger may not hold, the database refuses by itself, and reads no long check for each receipt."""

from __future__ import annotations

import asyncpg
import pytest

from tests.support.shopping import buy, campaign, line, publish

UNLAWFUL = [
    "update ledger.wallet set pending = -1",
    "update ledger.wallet set available = -1",
    "update ledger.wallet set debt = -1",
    "update ledger.movement set amount = 0",
    "update ledger.lot set original = 0, remaining = 0",
    "update ledger.lot set remaining = original + 1",
    "update ledger.lot set remaining = -1",
    "update ledger.lot set expired = -1",
    "update ledger.lot set forgiven = 1",
    "update ledger.lot set expired = 1, forgiven = 2",
    "update ledger.purchase set total = 0",
    "update ledger.purchase set earned = -1",
    "update ledger.purchase set redeemed = -1",
    "update ledger.purchase set points_worth = -1",
    "update ledger.purchase set redeemed = 1, points_worth = total",
    "update ledger.purchase set source = 'elsewhere'",
]


@pytest.fixture
async def owner(database, programme, clock, make_member, connections):
    """One receipt, and the only role that no function stands before."""
    await publish(database, programme.programme_id, clock.now(), campaign())
    await buy(database, await make_member(), clock.now(), [line(5_000)])
    connection = await asyncpg.connect(connections.owner_dsn)
    yield connection
    await connection.close()


@pytest.mark.parametrize("statement", UNLAWFUL)
async def test_no_row_goes_beyond_its_bounds(owner, statement: str) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute(statement)


async def test_what_is_no_movement_is_no_step(owner) -> None:
    for kind, to in (("gift", "available"), ("accrual", "pocket")):
        assert await owner.fetchval("select ledger.step($1, 'funding', $2)", kind, to) is None
    with pytest.raises(asyncpg.NotNullViolationError):
        await owner.execute("update ledger.movement set step = ledger.step('gift', 'funding', 'available')")


async def test_what_one_column_may_hold_is_no_check_of_the_table(owner) -> None:
    """A check of a table is read anew by each statement that writes, with all columns worked out from others."""
    checks = await owner.fetch(
        """select conrelid::regclass::text, count(*) from pg_constraint
            where contype = 'c' and conrelid::regclass::text ~ '^ledger.(wallet|movement|lot|purchase)$' group by 1"""
    )
    assert dict(checks) == {"ledger.lot": 1, "ledger.purchase": 1}  # of several columns each
