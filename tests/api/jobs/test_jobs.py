"""By the clock: pending becomes available, old cashback expires, and what is over is forgotten, money never."""

from __future__ import annotations

import asyncio

import asyncpg

from api.app import create_app
from api.jobs.settle import settle
from api.jobs.sweep import sweep
from api.ledger.verify import verify
from tests.support.shopping import buy, campaign, publish


async def balances(database):
    rows = await database.fetch("select pending, available from ledger.wallet order by member_id")
    return [tuple(row) for row in rows]


async def test_cashback_is_released_on_its_day_and_expires_on_its_last(database, clock, programme, make_member) -> None:
    terms = {"pending_days": 14, "expiry": {"kind": "days", "days": 30}}
    await publish(database, programme.programme_id, clock.now(), campaign(**terms))
    member = await make_member()
    await buy(database, member, clock.now())
    assert await settle(database, None, clock.now()) == 0
    assert await balances(database) == [(50, 0)]
    clock.move(days=14)
    assert await settle(database, None, clock.now()) == 1
    assert await balances(database) == [(0, 50)]
    clock.move(days=31)
    assert await settle(database, None, clock.now()) == 1
    assert await balances(database) == [(0, 0)]
    kinds = await database.fetch("select kind from ledger.movement order by version")
    assert [row[0] for row in kinds] == ["accrual", "release", "expiry"]


async def test_many_machines_may_settle_at_once(database, clock, programme, make_member, app) -> None:
    await publish(database, programme.programme_id, clock.now(), campaign(pending_days=1))
    for member in [await make_member() for _ in range(10)]:
        for _ in range(5):
            await buy(database, member, clock.now())
    clock.move(days=2)
    settled = await asyncio.gather(*[settle(database, app.state.hub, clock.now()) for _ in range(6)])
    assert sum(settled) >= 10
    assert await balances(database) == [(0, 250)] * 10
    assert await database.fetchval("select count(*) from ledger.movement where kind = 'release'") == 50
    async with database.connection() as connection:
        assert not (await verify(connection)).findings


async def test_the_api_settles_by_itself_what_is_due(
    database, clock, programme, make_member, settings, connections
) -> None:
    await publish(database, programme.programme_id, clock.now(), campaign(pending_days=1))
    await buy(database, await make_member(), clock.now())
    clock.move(days=1)
    with_jobs = settings.model_copy(update={"jobs": "true"})
    another = create_app(with_jobs, clock=clock, connections=connections)
    async with another.router.lifespan_context(another), asyncio.timeout(10):
        while await balances(database) == [(50, 0)]:  # noqa: ASYNC110 - each look asks the database
            await asyncio.sleep(0)
    assert await balances(database) == [(0, 50)]


async def test_a_wallet_that_another_holds_is_left_to_it_and_keeps_none_waiting(
    database, clock, programme, make_member, connections
) -> None:
    await publish(database, programme.programme_id, clock.now(), campaign(pending_days=1))
    members = sorted([await make_member() for _ in range(2)], key=lambda each: each.member_id)
    for member in members:
        await buy(database, member, clock.now())
    clock.move(days=1)
    owner = await asyncpg.connect(connections.owner_dsn)
    async with owner.transaction():
        await owner.execute("select from ledger.wallet where member_id = $1 for update", members[0].member_id)
        assert await settle(database, None, clock.now()) == 1
        assert await balances(database) == [(50, 0), (0, 50)]
    await owner.close()
    assert await settle(database, None, clock.now()) == 1
    assert await balances(database) == [(0, 50), (0, 50)]


async def test_the_app_is_told_of_what_was_released(database, clock, programme, make_member, app) -> None:
    await publish(database, programme.programme_id, clock.now(), campaign(pending_days=1))
    member = await make_member()
    await buy(database, member, clock.now())
    clock.move(days=2)
    with app.state.hub.subscribe(member.member_id, member.member_id) as stream:
        await settle(database, app.state.hub, clock.now())
        async for version in stream:
            assert version == 2
            break


async def test_what_is_over_is_forgotten_and_what_is_not_stays(database, clock, programme, http) -> None:
    await http.post("/v1/sign-in/code", json={"contact": "ana@example.com"})
    await sweep(database, clock.now())
    assert await database.fetchval("select count(*) from one_time_code") == 1
    clock.move(days=3)
    await sweep(database, clock.now())
    assert await database.fetchval("select count(*) from one_time_code") == 0
    assert await database.fetchval("select count(*) from rate_limit") == 0
