"""Tiers in the API: reached at once, left only after a notice, by a job that may run twice and anywhere."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import asyncpg
import pytest

from api.campaigns import service as campaigns
from api.jobs.tiers import settle_tiers
from api.publishing.service import publish_ladder
from contract.members import Profile
from contract.tiers import LadderDraft
from tests.support.shopping import buy, campaign, give_back, line, publish

TIERS = [
    {"tier": "bronze", "name": {"en": "Bronze", "pt-BR": "Bronze"}, "threshold": 0},
    {"tier": "silver", "name": {"en": "Silver", "pt-BR": "Prata"}, "threshold": 50_000},
    {"tier": "gold", "name": {"en": "Gold", "pt-BR": "Ouro"}, "threshold": 200_000},
]


@pytest.fixture
def climb(database, programme, clock):
    """Publish a ladder: 12 months, kept to the end of the period, one step down after 30 days' notice."""

    async def climb(**more):
        tiers = [{**each, "keeps": more.pop("keeps", "period")} for each in TIERS]
        draft = LadderDraft.model_validate({"tiers": tiers, **more})
        async with database.transaction() as connection:
            return await publish_ladder(connection, programme.programme_id, draft, clock.now())

    return climb


@pytest.fixture
def job(database, clock):
    async def job() -> int:
        looked = await settle_tiers(database, None, clock.now())
        while await database.fetchval("select exists (select from tier_due)"):  # the app's own run has them just now
            await asyncio.sleep(0.01)
            looked += await settle_tiers(database, None, clock.now())
        return looked

    return job


@pytest.fixture
def profile(http, app, sign_in_member):
    async def profile(member) -> Profile:
        signed_in = await sign_in_member(member)
        answer = await http.get("/v1/me", headers=signed_in.headers)
        assert answer.status_code == 200, answer.text
        return Profile.model_validate_json(answer.content)

    return profile


async def tier_of(database, member):
    return await database.fetchval("select tier from member where member_id = $1", member.member_id)


async def history(database, member):
    rows = await database.fetch(
        "select kind, from_tier, to_tier, at from tier_history where member_id = $1 order by entry", member.member_id
    )
    return [(row["kind"], row["from_tier"], row["to_tier"]) for row in rows]


async def test_a_tier_is_reached_on_the_purchase_that_reaches_it_and_the_next_one_earns_by_it(
    till, device, database, programme, clock, climb
) -> None:
    await climb()
    vip = campaign("base", version=2, when={"starts_at": clock.now()}, who=[{"kind": "tier", "any_of": ["silver"]}])
    await publish(database, programme.programme_id, clock.now(), vip)
    earned = [(await till.buy(device, line(price)))["earned"]["amount"] for price in (49_999, 1, 10_000)]
    assert earned == [0, 0, 500]
    assert await database.fetchval("select count(*) from tier_due") == 0


async def test_the_profile_says_the_tier_the_way_to_the_next_and_what_counts(
    database, clock, make_member, climb, job, profile
) -> None:
    await climb()
    ana = await make_member(language="pt-BR")
    before = (await profile(ana)).tier
    assert before is not None
    assert (before.tier, before.amount.amount, before.next_name, before.missing.amount) == (
        "bronze",
        0,
        "Prata",
        50_000,
    )
    await buy(database, ana, clock.now(), [line(62_000), line(9_900, category="giftcard")])
    assert await job() == 1
    tier = (await profile(ana)).tier
    assert (tier.tier, tier.name, tier.counts, tier.period) == ("silver", "Prata", "spent", "rolling_year")
    assert (tier.amount.amount, tier.threshold.amount, tier.missing.amount) == (62_000, 200_000, 138_000)
    assert tier.since == clock.now()
    assert tier.until == datetime(2027, 3, 10, 3, tzinfo=UTC)
    assert tier.notice is None


async def test_a_tier_is_never_worked_out_from_the_spendable_balance(
    database, programme, clock, make_member, climb, job
) -> None:
    """Spending cashback, its release and its expiry change what may be spent, not the tier."""
    await climb()
    await publish(
        database, programme.programme_id, clock.now(), campaign(expiry={"kind": "days", "days": 1}, pending_days=0)
    )
    ana = await make_member()
    await buy(database, ana, clock.now(), [line(60_000)])
    await buy(database, ana, clock.now(), [line(3_000)], redeem=3_000)
    clock.move(days=5)
    await job()
    row = await database.fetchrow("select tier, counted from member_tier")
    assert tuple(row) == ("silver", 63_000)


async def test_a_tier_may_count_what_was_earned(database, programme, clock, make_member, climb, job) -> None:
    await climb(counts="earned")
    await publish(database, programme.programme_id, clock.now(), campaign(reward={"kind": "percent", "rate_bp": 5_000}))
    ana = await make_member()
    bought = await buy(database, ana, clock.now(), [line(60_000), line(60_000)])
    await job()
    assert await tier_of(database, ana) == "silver"
    await give_back(database, ana, bought, clock.now(), {0: 1})
    await job()
    assert tuple(await database.fetchrow("select tier, counted, told_on is not null from member_tier")) == (
        "silver",
        30_000,
        True,
    )


async def test_goods_that_came_back_count_no_more_line_by_line(database, clock, make_member, climb, job) -> None:
    await climb()
    ana = await make_member()
    lines = [line(1_000, quantity=3), line(500, category="giftcard"), line(700)]
    bought = await buy(database, ana, clock.now(), lines)
    await give_back(database, ana, bought, clock.now(), {0: 2, 1: 1})
    await job()
    assert await database.fetchval("select counted from member_tier") == 1_700


async def test_you_will_leave_gold_is_said_30_days_ahead_then_it_is_left_one_step(
    database, clock, make_member, climb, job, profile
) -> None:
    await climb()
    ana = await make_member()
    await buy(database, ana, clock.now(), [line(200_000)])
    await job()
    clock.move(days=334)  # 7 February
    await buy(database, ana, clock.now(), [line(188_000)])
    clock.move(days=1)
    await job()
    told = (await profile(ana)).tier
    assert (told.tier, told.notice) == ("gold", None), "388,000 in twelve months: renewed"
    clock.move(days=334)  # 8 January 2028
    await job()
    told = (await profile(ana)).tier
    assert told.notice is not None
    assert (told.notice.to_name, told.notice.leaves_at) == ("Silver", datetime(2028, 2, 7, 3, tzinfo=UTC))
    assert told.notice.missing.amount == 12_000
    clock.set(datetime(2028, 2, 7, 2, 59, tzinfo=UTC))
    await job()
    assert await tier_of(database, ana) == "gold"
    clock.move(minutes=1)
    await job()
    left = (await profile(ana)).tier
    assert (left.tier, left.since, left.notice) == ("silver", datetime(2028, 2, 7, 3, tzinfo=UTC), None)
    assert await history(database, ana) == [
        ("reached", "bronze", "gold"),
        ("notice", "gold", "silver"),
        ("left", "gold", "silver"),
    ]


async def test_a_notice_is_withdrawn_when_enough_is_bought(database, clock, make_member, climb, job) -> None:
    await climb()
    ana = await make_member()
    await buy(database, ana, clock.now(), [line(50_000)])
    await job()
    clock.move(days=340)
    await job()
    await buy(database, ana, clock.now(), [line(50_000)])
    await job()
    assert [kind for kind, *_ in await history(database, ana)] == ["reached", "notice", "notice_withdrawn"]


async def test_the_job_twice_and_on_many_machines_does_it_once(database, clock, make_member, climb, job) -> None:
    members = [await make_member() for _ in range(6)]
    for ana in members:
        await buy(database, ana, clock.now(), [line(50_000)])
    await climb()
    looked = await asyncio.gather(*[job() for _ in range(4)])
    assert sum(looked) >= 6
    assert await job() == 0
    assert [await tier_of(database, ana) for ana in members] == ["silver"] * 6
    assert await database.fetchval("select count(*) from tier_history") == 6


async def test_a_job_that_is_killed_loses_nothing(database, clock, make_member, climb, job, monkeypatch) -> None:
    await climb()
    for _ in range(3):
        await buy(database, await make_member(), clock.now(), [line(50_000)])

    class KilledError(Exception):
        pass

    async def die(*_):
        raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr("api.tiers.repository.give", die)
        with pytest.raises(KilledError):
            await job()
    assert await database.fetchval("select count(*) from member_tier") == 0
    assert await job() == 3


async def test_a_ladder_begins_at_its_instant_for_all_who_have_bought(
    database, programme, clock, make_member, climb, job
) -> None:
    ana = await make_member()
    await buy(database, ana, clock.now(), [line(60_000)])
    starts_at = clock.now().replace(hour=20)
    await climb(starts_at=starts_at)
    assert await job() == 0
    assert await tier_of(database, ana) is None
    clock.set(starts_at)
    assert await job() == 1
    assert await tier_of(database, ana) == "silver"
    async with database.connection() as connection:
        standing = await campaigns.member_facts(connection, programme.programme_id, ana.member_id, clock.now())
    assert standing.facts.tier == "silver"


async def test_who_has_not_bought_yet_has_the_tier_that_costs_nothing(
    database, programme, clock, make_member, climb
) -> None:
    await climb()
    bruno = await make_member()
    async with database.connection() as connection:
        standing = await campaigns.member_facts(connection, programme.programme_id, bruno.member_id, clock.now())
    assert standing.facts.tier == "bronze"


async def test_a_device_hears_of_a_new_tier_with_its_offers(
    database, programme, clock, make_member, make_phone, climb, job
) -> None:
    await climb()
    gold = campaign("gold", who=[{"kind": "tier", "any_of": ["gold"]}])
    await publish(database, programme.programme_id, clock.now(), gold)
    ana = await make_member()
    phone = await make_phone(ana)
    assert (await phone.sync()).offers == []
    await buy(database, ana, clock.now(), [line(200_000)])
    await job()
    told = await phone.sync()
    assert (told.profile.tier.tier, [offer.offer_id for offer in told.offers]) == ("gold", ["gold"])


@pytest.mark.parametrize(
    "statement",
    ["update tier_history set kind = 'left'", "delete from tier_history", "update tier_ladder set body = '{}'"],
)
async def test_history_and_ladders_cannot_be_changed(database, programme, statement) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await database.execute(statement)
