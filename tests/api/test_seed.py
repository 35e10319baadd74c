"""A newcomer to the demo finds shoppers with a past: something pending, spent, given back, and about to expire."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from api.demo.seed import ensure_demo
from tests.api import import_files as files

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
async def _filled(database, clock, settings):
    await ensure_demo(database, clock, settings)


async def test_the_demo_is_filled_once_in_a_moment_and_stays_as_it_is(database, clock, settings):
    began = time.perf_counter()
    people = await ensure_demo(database, clock, settings)
    print(f"filled in {time.perf_counter() - began:.1f} s")
    assert [person.persona for person in people] == ["ana", "bruno", "leo", "rosa", "marta"]
    before = await files.left_in_ledger(database)
    clock.move(days=3)
    assert await ensure_demo(database, clock, settings) == people
    assert await files.left_in_ledger(database) == before
    await files.assert_in_order(database)


@pytest.mark.usefixtures("_filled")
async def test_ana_has_something_of_everything(database, clock):
    ana = await database.fetchrow(
        "select m.member_id, w.* from member m join ledger.wallet w using (member_id) where m.email = 'ana@example.com'"
    )
    soon = await database.fetchval(
        "select sum(remaining) from ledger.lot where member_id = $1 and released and expires_at < $2",
        ana["member_id"],
        clock.now() + timedelta(days=14),
    )
    kinds = {
        row["kind"]: (row["n"], row["amount"])
        for row in await database.fetch(
            "select kind, count(*) n, sum(amount) amount from ledger.movement where member_id = $1 group by 1",
            ana["member_id"],
        )
    }
    print(ana["pending"], ana["available"], soon, kinds)
    assert ana["pending"] > 500
    assert ana["available"] > 2000
    assert soon > 0
    assert {"accrual", "release", "redemption", "clawback", "expiry"} <= kinds.keys()
    tier = await database.fetchrow("select tier, counted from member_tier where member_id = $1", ana["member_id"])
    assert (tier["tier"], 300_000 < tier["counted"] < 800_000) == ("silver", True), "on her way to gold"


@pytest.mark.usefixtures("_filled")
async def test_every_purchase_lies_in_the_past_and_most_campaigns_have_given_something(database, clock):
    purchases = await database.fetch(
        "select m.name, count(*) n, max(p.at) latest from ledger.purchase p join member m"
        " using (member_id) group by 1 order by 1"
    )
    assert [(row["name"], row["n"]) for row in purchases] == [("Ana Souza", 66), ("Bruno Lima", 25)]
    assert all(clock.now() - timedelta(days=8) < row["latest"] < clock.now() for row in purchases)
    gave = {row[0] for row in await database.fetch("select distinct campaign_id from ledger.lot")}
    print(gave)
    assert {"base", "organic", "bakery", "weekend-food", "web-five", "electronics", "welcome-web"} <= gave


async def test_a_start_that_was_killed_half_way_is_finished_by_the_next(database, clock, settings, monkeypatch):
    async def killed(*_args, **_kwargs):
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr("api.demo.seed_past._give_back", killed)
        with pytest.raises(RuntimeError):
            await ensure_demo(database, clock, settings)
    clock.move(hours=5)
    await ensure_demo(database, clock, settings)
    assert await database.fetchval("select count(*) from ledger.purchase") == 91
    assert await database.fetchval("select count(*) from ledger.refund") == 1
    assert await database.fetchval("select count(*) from staff") == 3
    await files.assert_in_order(database)


async def test_somebody_elses_programme_is_left_alone(database, clock, settings, programme):
    await ensure_demo(database, clock, settings)
    assert await database.fetchval("select count(*) from member") == 0
