"""Points beside cash: earned, released, spent at the programme's rate, taken back, and clear in the books."""

from __future__ import annotations

import pytest

from api.ledger.verify import verify
from tests.support.shopping import buy, campaign, give_back, line, publish, settle

POINTS = {"kind": "points", "points": 2, "per": 100}


async def points_of(database, member) -> tuple[int, int, int]:
    row = await database.fetchrow(
        "select pending, available, debt from ledger.wallet where member_id = $1 and unit = 'PTS'", member.member_id
    )
    return tuple(row) if row else (0, 0, 0)


async def sound(database) -> bool:
    async with database.connection() as connection:
        return (await verify(connection)).findings == []


@pytest.fixture
async def ana(database, programme, clock, make_member):
    terms = {"pending_days": 2, "expiry": {"kind": "days", "days": 30}}
    await publish(
        database, programme.programme_id, clock.now(), campaign(**terms), campaign("points", reward=POINTS, **terms)
    )
    return await make_member()


async def test_points_are_booked_released_and_expire_beside_cash(database, clock, ana) -> None:
    await buy(database, ana, clock.now(), [line(5_000)])
    assert await points_of(database, ana) == (100, 0, 0)
    await settle(database, clock.move(days=2))
    assert await points_of(database, ana) == (0, 100, 0)
    await settle(database, clock.move(days=40))
    assert await points_of(database, ana) == (0, 0, 0)
    kinds = await database.fetch("select kind from ledger.movement where unit = 'PTS' order by version")
    assert [row[0] for row in kinds] == ["accrual", "release", "expiry"]
    versions = await database.fetch("select version from ledger.movement order by version")
    assert [row[0] for row in versions] == [1, 2, 3, 4, 5, 6]  # one clock for both
    assert await sound(database)


async def test_a_refund_takes_points_back_and_what_is_gone_is_owed(database, clock, ana) -> None:
    first = await buy(database, ana, clock.now(), [line(5_000, quantity=2)])
    await give_back(database, ana, first, clock.now(), {0: 1})
    assert await points_of(database, ana) == (100, 0, 0)
    await settle(database, clock.move(days=40))
    await give_back(database, ana, first, clock.now())
    assert await points_of(database, ana) == (0, 0, 0)  # they had expired unspent: forgiven
    assert await database.fetchval("select sum(points) from ledger.refund") == 100
    assert await sound(database)
