"""A budget belongs to the terms that name it: it counts from their instant on, and binds no others."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.jobs.budgets import settle_budgets
from api.ledger.verify import verify
from tests.support.shopping import campaign, line, publish

TREAT = {"reward": {"kind": "fixed", "value": 100}}


@pytest.fixture
def version(database, programme, clock):
    """Publish a version of the campaign: from when, and with which budget."""

    async def version(number: int, total: int | None, **ahead: float) -> None:
        when = {"starts_at": clock.now() + timedelta(**ahead)}
        terms = campaign("treat", version=number, when=when, limits={"total": total}, **TREAT)
        await publish(database, programme.programme_id, clock.now(), terms)

    return version


@pytest.fixture
def treats(till, device):
    """What the campaign gives to so many purchases."""

    async def treats(purchases: int) -> list[int]:
        return [(await till.buy(device, line(1_000)))["earned"]["amount"] - 50 for _ in range(purchases)]

    return treats


@pytest.fixture
async def left(database):
    async def left() -> int:
        return await database.fetchval("select sum(share - given)::bigint from ledger.budget")

    yield left
    async with database.connection() as connection:
        assert not (await verify(connection)).findings


async def test_a_version_without_a_budget_is_not_bound_by_the_one_before_it(version, treats, left):
    await version(1, 100)
    assert await treats(2) == [100, 0]
    await version(2, None)
    assert await treats(2) == [100, 100]
    assert await left() == 0, "and nothing of it is charged to the old one"


async def test_a_budget_begins_with_its_version_and_what_was_given_before_does_not_fill_it_up(
    version, treats, left, till, device, clock
):
    await version(1, None)
    before = await till.buy(device, line(1_000))
    await version(2, 200, minutes=5)
    assert await treats(3) == [100, 100, 100], "it has not begun"
    clock.move(minutes=5)
    assert await treats(3) == [100, 100, 0]
    refund = await till.post(f"purchases/{before['purchase_id']}/refunds", {})
    assert refund.json()["refund"]["clawed_back"]["amount"] == 150
    assert await left() == 0, "it never was charged to this budget"
    assert await treats(1) == [0]


@pytest.mark.parametrize(("total", "then"), [(300, [100, 0]), (100, [0, 0])])
async def test_another_total_counts_from_its_instant_on(version, treats, database, clock, total, then):
    await version(1, 200)
    assert await treats(1) == [100]
    await version(2, total, minutes=5)
    assert await treats(2) == [100, 0], "the budget of today is what it was"
    assert await settle_budgets(database, clock.now()) == 0
    clock.move(minutes=5)
    assert await settle_budgets(database, clock.now()) == (total > 200), "what was given stays given"
    assert await settle_budgets(database, clock.now()) == 0, "twice is once"
    assert await treats(2) == then
