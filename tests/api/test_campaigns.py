"""What the process knows of a programme is never older than the member it is applied to."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from api.campaigns import service
from api.campaigns.service import VersionExists
from api.problems import Refusal
from tests.support import shopping
from tests.support.people import make_programme


@pytest.fixture
async def ana(make_member):
    return await make_member()


@pytest.fixture
def known(database, ana):
    async def known(at):
        async with database.connection() as connection:
            return await service.member_facts(connection, ana.programme_id, ana.member_id, at)

    return known


@pytest.fixture
def publish(database, clock, ana):
    async def publish(*versions):
        await shopping.publish(database, ana.programme_id, clock.now(), *versions)

    return publish


async def test_a_programme_is_read_once_and_a_member_in_one_statement(database, clock, ana, known, publish):
    await publish(shopping.campaign(limits={"per_member": 900}))
    await known(clock.now())
    statements = []

    def note(record):
        statements.append(record.query)

    async with database.connection() as connection:
        connection.add_query_logger(note)
        await service.member_facts(connection, ana.programme_id, ana.member_id, clock.now())
        await asyncio.sleep(0)  # a logger is called a turn of the loop later
        connection.remove_query_logger(note)
    assert len(statements) == 1


async def test_what_another_process_publishes_is_seen_at_once(database, clock, ana, known, publish):
    await publish(shopping.campaign())
    assert [each.campaign_id for each in (await known(clock.now())).programme.campaigns] == ["base"]
    body = shopping.campaign("bread").model_dump(mode="json")
    async with database.transaction() as connection:  # not through the service: this process is not told
        await connection.execute(
            "insert into campaign values ($1, 'bread', 'live', 1)",
            ana.programme_id,
        )
        await connection.execute(
            "insert into campaign_version values ($1, 'bread', 1, $2, $3)", ana.programme_id, body, clock.now()
        )
        await connection.execute("update programme set offers_version = offers_version + 1")
    assert [each.campaign_id for each in (await known(clock.now())).programme.campaigns] == ["base", "bread"]


async def test_a_version_is_never_changed(clock, known, publish):
    await publish(shopping.campaign())
    with pytest.raises(VersionExists):
        await publish(shopping.campaign(reward={"kind": "percent", "rate_bp": 9_000}))
    assert [each.reward.rate_bp for each in (await known(clock.now())).programme.campaigns] == [500]
    await publish(shopping.campaign(version=2, reward={"kind": "percent", "rate_bp": 900}))
    assert [each.version for each in (await known(clock.now())).programme.campaigns] == [1, 2]


async def test_the_terms_that_applied_are_kept_on_the_lot(database, clock, ana, publish):
    await publish(shopping.campaign())
    await shopping.buy(database, ana, clock.now(), [shopping.line(10_000)])
    await publish(shopping.campaign(version=2, reward={"kind": "percent", "rate_bp": 900}))
    await shopping.buy(database, ana, clock.now(), [shopping.line(10_000)])
    rows = await database.fetch("select campaign_version, original from ledger.lot order by 1")
    assert [tuple(row) for row in rows] == [(1, 500), (2, 900)]


async def test_a_new_version_that_starts_later_leaves_the_old_one_in_force_until_then(database, clock, ana, publish):
    tomorrow = clock.now() + timedelta(days=1)
    await publish(shopping.campaign())
    await publish(
        shopping.campaign(version=2, when={"starts_at": tomorrow}, reward={"kind": "percent", "rate_bp": 900})
    )
    await shopping.buy(database, ana, clock.now(), [shopping.line(10_000)])
    await shopping.buy(database, ana, tomorrow, [shopping.line(10_000)])
    rows = await database.fetch("select original from ledger.lot order by 1")
    assert [row[0] for row in rows] == [500, 900]


async def test_purchases_are_counted_up_to_the_moment_and_without_those_taken_back(
    database, clock, ana, known, publish
):
    await publish(shopping.campaign(who=[{"kind": "nth_purchase", "n": 2, "repeat": "onwards"}]))
    start = clock.now()
    for days in (0, 1, 2):
        purchase_id = await shopping.buy(database, ana, start + timedelta(days=days))
    assert (await known(start - timedelta(days=1))).facts.purchase_count == 0
    assert (await known(start + timedelta(days=1))).facts.purchase_count == 2
    await shopping.give_back(database, ana, purchase_id, start + timedelta(days=3))
    assert (await known(start + timedelta(days=4))).facts.purchase_count == 2


async def test_favourites_are_what_was_bought_most_often_of_late(database, clock, ana, known, publish):
    await publish(shopping.campaign(who=[{"kind": "favourite", "any_of": ["food"]}]))
    now = clock.now()

    async def buy(days_ago: int, *categories: str) -> None:
        lines = [shopping.line(category=category) for category in categories]
        await shopping.buy(database, ana, now - timedelta(days=days_ago), lines)

    await buy(200, *["electronics"] * 9)
    await buy(10, "food/fruit", "drinks", "giftcard", "delivery/home")
    await buy(5, "food/fruit", "bakery", "giftcard")
    await buy(1, "food/fruit", "bakery", "")
    assert (await known(now)).facts.favourite_categories == ("food/fruit", "bakery", "drinks")
    await database.execute("update member set use_history = false")
    assert (await known(now)).facts.favourite_categories == ()


async def test_what_nobody_asks_for_is_not_worked_out(database, clock, ana, known, publish):
    await publish(shopping.campaign())
    await shopping.buy(database, ana, clock.now())
    facts = (await known(clock.now())).facts
    assert (facts.purchase_count, facts.favourite_categories, facts.earned) == (0, (), {})


async def test_a_members_limit_counts_what_was_kept_to_the_cent(database, clock, ana, known, publish):
    """Also where the lot was spent before the goods came back, so that another lot or a debt paid for it."""
    await publish(
        shopping.campaign(limits={"per_member": 100_000}),
        shopping.campaign(
            "bread",
            reward={"kind": "percent", "rate_bp": 333},
            what={"only": {"categories": ["bakery"]}},
            limits={"per_member": 100_000},
        ),
    )
    now = clock.now()
    lines = [shopping.line(777, quantity=3), shopping.line(1_000, category="drinks")]
    purchase_id = await shopping.buy(database, ana, now, lines)
    before = dict((await known(now)).facts.earned)
    assert before == {"base": 167, "bread": 78}
    await shopping.buy(database, ana, now, [shopping.line(10_000, category="giftcard")], redeem=245)
    await shopping.give_back(database, ana, purchase_id, now, {0: 2})
    assert (await known(now)).facts.earned == {"base": 167 - 117 * 2 // 3, "bread": 78 - 78 * 2 // 3}
    await shopping.give_back(database, ana, purchase_id, now)
    assert (await known(now)).facts.earned == {"base": 0, "bread": 0}


async def test_a_member_of_another_programme_is_not_there(database, clock, ana):
    other = await make_programme(database, clock, slug="borealis")
    async with database.connection() as connection:
        for programme_id, member_id in ((other.programme_id, ana.member_id), (ana.programme_id, uuid4())):
            with pytest.raises(Refusal) as refused:
                await service.member_facts(connection, programme_id, member_id, clock.now())
            assert refused.value.status == 404
        with pytest.raises(Refusal):
            await service.programme(connection, uuid4())


async def test_a_store_that_opened_later_is_found(database, ana):
    async with database.connection() as connection:
        await service.programme(connection, ana.programme_id)
        assert await service.store(connection, ana.programme_id, "new") is None
        await connection.execute("insert into store values ($1, 'new', 'New')", ana.programme_id)
        found = await service.store(connection, ana.programme_id, "new")
        assert (found.name, found.channel) == ("New", "store")


async def test_one_members_purchases_do_not_count_for_another(database, clock, ana, known, publish, make_member):
    bruno = await make_member()
    await publish(shopping.campaign(limits={"per_member": 900}, who=[{"kind": "nth_purchase", "n": 1}]))
    await shopping.buy(database, bruno, clock.now())
    facts = (await known(clock.now())).facts
    assert (facts.purchase_count, facts.earned) == (0, {})
