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


@pytest.mark.parametrize(
    ("days", "spend", "wallet"),
    [
        (0, 0, (60, 0, 0)),  # while it is pending
        (2, 0, (0, 60, 0)),  # once it is released
        (2, 94, (0, 0, 34)),  # once it is spent: a debt, of the part that came back
        (40, 0, (0, 0, 0)),  # once it has expired: nobody has had it
    ],
)
async def test_lines_come_back_before_and_after_release_spending_and_expiry(
    database, programme, clock, ana, left, days, spend, wallet
) -> None:
    await end_campaigns(database)
    terms = {"pending_days": 1, "expiry": {"kind": "days", "days": 30}, "reward": {"kind": "percent", "rate_bp": 1_000}}
    await publish(database, programme.programme_id, clock.now(), campaign("tenth", **terms))
    bought = await buy(database, ana, clock.now(), [line(200, quantity=3), line(335), line(5_000, category="giftcard")])
    await settle(database, clock.move(days=days))
    await end_campaigns(database)
    if spend:
        await buy(database, ana, clock.now(), redeem=spend)
    await give_back(database, ana, bought, clock.now(), {1: 1})
    await give_back(database, ana, bought, clock.now(), {2: 1})
    row = await database.fetchrow("select pending, available, debt from ledger.wallet")
    assert tuple(row) == wallet
    for _ in range(3):
        await give_back(database, ana, bought, clock.now(), {0: 1})
    row = await database.fetchrow("select pending, available, debt from ledger.wallet")
    assert tuple(row) == (0, 0, spend)
    await left()
