"""Each earned amount has its own dates: what is spent first, and what comes back where, and when."""

from __future__ import annotations

import pytest

from api.ledger.verify import verify
from tests.support.shopping import buy, campaign, give_back, line, publish, settle

FIXED = {"kind": "fixed", "value": 100}
KINDS = {"late": {"kind": "days", "days": 60}, "never": {"kind": "none"}, "soon": {"kind": "days", "days": 10}}


@pytest.fixture
async def ana(database, programme, clock, make_member):
    versions = [campaign(key, reward=FIXED, expiry=expiry) for key, expiry in KINDS.items()]
    await publish(database, programme.programme_id, clock.now(), *versions)
    return await make_member()


@pytest.fixture
async def left(database):
    """What is left of each campaign's lots."""

    async def left() -> dict[str, int]:
        rows = await database.fetch("select campaign_id, sum(remaining)::bigint from ledger.lot group by 1")
        return {row[0]: row[1] for row in rows}

    yield left
    async with database.connection() as connection:
        assert (await verify(connection)).findings == []


async def end_campaigns(database) -> None:
    await database.execute("update campaign set state = 'ended'")
    await database.execute("update programme set offers_version = offers_version + 1")


async def test_the_nearest_end_is_spent_first_and_what_never_ends_last_and_comes_back_with_its_own_end(
    database, clock, ana, left
) -> None:
    await buy(database, ana, clock.now())
    await end_campaigns(database)
    ends = {row[0]: row[1] for row in await database.fetch("select campaign_id, expires_at from ledger.lot")}
    first = await buy(database, ana, clock.now(), redeem=150)
    assert await left() == {"soon": 0, "late": 50, "never": 100}
    await buy(database, ana, clock.now(), redeem=70)
    assert await left() == {"soon": 0, "late": 0, "never": 80}
    await give_back(database, ana, first, clock.now())
    assert await left() == {"soon": 100, "late": 50, "never": 80}, "each amount is back where it came from"
    assert {row[0]: row[1] for row in await database.fetch("select campaign_id, expires_at from ledger.lot")} == ends
    await settle(database, clock.move(days=11))
    assert await left() == {"soon": 0, "late": 50, "never": 80}


async def test_of_equal_ends_the_oldest_is_spent_first(database, programme, clock, ana, left) -> None:
    await end_campaigns(database)
    ends = {"kind": "days", "days": 30, "to_month_end": True}
    await publish(database, programme.programme_id, clock.now(), campaign("month", reward=FIXED, expiry=ends))
    old = await buy(database, ana, clock.now())
    clock.move(days=2)
    new = await buy(database, ana, clock.now())
    await end_campaigns(database)
    assert await database.fetchval("select count(distinct expires_at) from ledger.lot") == 1
    await buy(database, ana, clock.now(), redeem=130)
    rows = await database.fetch("select purchase_id, remaining from ledger.lot")
    assert {row[0]: row[1] for row in rows} == {old: 0, new: 70}
    await left()


async def test_what_comes_back_after_its_end_is_expired(database, clock, ana, left) -> None:
    await buy(database, ana, clock.now())
    await end_campaigns(database)
    spent = await buy(database, ana, clock.now(), [line(1_000, quantity=2)], redeem=100)
    await give_back(database, ana, spent, clock.move(days=5), {0: 1})
    assert await left() == {"soon": 50, "late": 100, "never": 100}
    await give_back(database, ana, spent, clock.move(days=20), {0: 1})
    assert await left() == {"soon": 0, "late": 100, "never": 100}, "it had its own end, which was past"
    assert await database.fetchval("select sum(expired) from ledger.lot") == 100


async def test_lines_come_back_before_and_after_release_spending_and_expiry(
    database, programme, clock, ana, make_member, left
) -> None:
    await end_campaigns(database)
    terms = {"pending_days": 1, "expiry": {"kind": "days", "days": 30}, "reward": {"kind": "percent", "rate_bp": 1_000}}
    await publish(database, programme.programme_id, clock.now(), campaign("tenth", **terms))
    lines = [line(200, quantity=3), line(335), line(5_000, category="giftcard")]
    waits, released, spent, expired = members = [await make_member() for _ in range(4)]
    bought = {member: await buy(database, member, clock.now(), lines) for member in members}  # earns 60 and 34

    async def after(member, *returned: dict[int, int]) -> tuple[int, int, int]:
        for part in returned:
            await give_back(database, member, bought[member], clock.now(), part)
        sums = "select pending, available, debt from ledger.wallet where member_id = $1 and unit = 'BRL'"
        return tuple(await database.fetchrow(sums, member.member_id))

    pieces = [{0: 1}, {0: 1}, {0: 1}]
    assert await after(waits, {1: 1}, {2: 1}) == (60, 0, 0), "of what waits; the gift card costs nothing"
    assert await after(waits, *pieces) == (0, 0, 0)
    await settle(database, clock.move(days=2))
    assert await after(released, {1: 1}, {2: 1}) == (0, 60, 0), "of what was released"
    assert await after(released, *pieces) == (0, 0, 0)
    await end_campaigns(database)
    await buy(database, spent, clock.now(), redeem=94)
    assert await after(spent, {1: 1}, {2: 1}) == (0, 0, 34), "it is spent: so much is owed"
    assert await after(spent, *pieces) == (0, 0, 94)
    await settle(database, clock.move(days=38))
    assert await after(expired, {1: 1}, {2: 1}, *pieces) == (0, 0, 0), "it has expired: nobody has had it"
    await left()
