"""The published cases through the API: its database, its way to the facts, and the till's route, to the cent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from api.campaigns import service as campaigns
from api.core.ids import new_id
from api.core.security import StaffSession, claims_of
from contract.campaigns import CampaignVersion
from contract.quotes import Quote
from tests.golden.cases import GoldenCase, all_cases, differences
from tests.support.clock import MovableClock

NOT_EXPRESSED = {
    "A budget that was overdrawn gives nothing and takes nothing": "the ledger lets no budget be overdrawn",
}
"""Cases that the API cannot come to, by name, and why."""
CASES = sorted((case for case in all_cases() if case.name not in NOT_EXPRESSED), key=lambda case: case.at)
"""The cases in the order of their moments: a clock that goes back would find earlier ones swept away."""


@dataclass(frozen=True)
class Shop:
    """A programme of its own for one case, with a till and a member at it."""

    case: GoldenCase
    programme_id: UUID
    member_id: UUID
    till: StaffSession
    identification: UUID

    @classmethod
    def of(cls, case: GoldenCase) -> Shop:
        programme_id, member_id, staff_id, session_id, identification = (new_id(case.at) for _ in range(5))
        till = StaffSession(staff_id, programme_id, session_id, case.basket.store_id, "cashier")
        return cls(case, programme_id, member_id, till, identification)

    @property
    def campaigns(self) -> list[CampaignVersion]:
        """The case's campaigns, as they are published."""
        return sorted(self.case.campaigns, key=lambda each: each.version)

    def purchases(self) -> list[tuple[datetime, str]]:
        """Past purchases (when, category) that make the facts: how many there were, and what was bought most."""
        member = self.case.member
        favourites = [
            (self.case.at - timedelta(days=1 + n), category)
            for n, category in enumerate(member.favourite_categories)
            for _ in range(len(member.favourite_categories) - n)
        ]
        others = max(0, member.purchase_count - len(favourites))
        return favourites + [(self.case.at - timedelta(days=200 + n), "") for n in range(others)]


def test_the_cases_that_are_not_expressed_exist_and_are_few() -> None:
    assert set(NOT_EXPRESSED) <= {case.name for case in all_cases()}
    assert len(NOT_EXPRESSED) <= 3
    assert len(CASES) >= 150


@pytest.fixture
def clock() -> MovableClock:
    """Before the first case: jobs that run beside the cases find none of them long over."""
    return MovableClock(CASES[0].at)


@pytest.fixture
async def shops(database, connections) -> list[Shop]:
    """A programme for each case: set up table by table, the campaigns published as always."""
    shops = [Shop.of(case) for case in CASES]
    owner = await asyncpg.connect(connections.owner_dsn)
    try:
        async with owner.transaction():
            for table in (programmes, stores, members, wallets, activations, identifications, given, past):
                await table(owner, shops)
    finally:
        await owner.close()
    async with database.transaction() as connection:
        for shop in shops:
            for version in shop.campaigns:
                await campaigns.publish_campaign(connection, shop.programme_id, version, shop.case.at)
            for campaign_id, left in shop.case.budgets.items():
                await campaigns.set_budget(connection, shop.programme_id, campaign_id, left)
    await budgets_given(connections, shops)
    return shops


async def test_every_case_says_the_same_at_the_till(shops, http, app, clock) -> None:
    wrong = {}
    for shop in shops:
        clock.set(shop.case.at)
        token = app.state.tokens.access(claims_of(shop.till), clock.now())
        body = {**shop.case.basket.model_dump(mode="json"), "identification": str(shop.identification)}
        answer = await http.post("/v1/till/quotes", json=body, headers={"Authorization": f"Bearer {token}"})
        if answer.status_code != 200:
            wrong[shop.case.name] = [answer.text]
            continue
        told = differences(Quote.model_validate(answer.json()["quote"]), shop.case.expect)
        if told:
            wrong[shop.case.name] = told
    assert not wrong, f"{len(wrong)} of {len(shops)} differ: {json.dumps(wrong, indent=1)}"


async def programmes(owner, shops: list[Shop]) -> None:
    await owner.executemany(
        """insert into programme (programme_id, slug, name, currency, timezone, rules, epoch, created_at)
           values ($1, $2, 'Golden', $3, $4, $5, $1, $6)""",
        [
            (
                shop.programme_id,
                f"golden-{n}",
                shop.case.programme.currency,
                shop.case.programme.timezone,
                shop.case.programme.model_dump_json(exclude={"currency", "timezone"}),
                shop.case.at,
            )
            for n, shop in enumerate(shops)
        ],
    )


async def stores(owner, shops: list[Shop]) -> None:
    await owner.executemany(
        "insert into store (programme_id, store_id, name, channel) values ($1, $2, $2, $3)",
        [(shop.programme_id, shop.case.basket.store_id, shop.case.basket.channel) for shop in shops],
    )


async def members(owner, shops: list[Shop]) -> None:
    await owner.executemany(
        """insert into member (member_id, programme_id, member_number, language, birthday, segments, tier, use_history,
                               joined_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
        [
            (
                shop.member_id,
                shop.programme_id,
                f"{n:010d}",
                shop.case.member.language,
                shop.case.member.birthday,
                list(shop.case.member.segments),
                shop.case.member.tier,
                shop.case.member.use_history,
                shop.case.at,
            )
            for n, shop in enumerate(shops)
        ],
    )


async def wallets(owner, shops: list[Shop]) -> None:
    await owner.executemany(
        "insert into ledger.wallet (member_id, unit, programme_id, updated_at) values ($1, $2, $3, $4)",
        [(shop.member_id, shop.case.programme.currency, shop.programme_id, shop.case.at) for shop in shops],
    )


async def activations(owner, shops: list[Shop]) -> None:
    await owner.executemany(
        "insert into offer_activation (member_id, campaign_id, activated_at) values ($1, $2, $3)",
        [(shop.member_id, each, shop.case.at) for shop in shops for each in shop.case.member.activated],
    )


async def identifications(owner, shops: list[Shop]) -> None:
    await owner.executemany(
        """insert into identification (identification_id, programme_id, member_id, session_id, can_spend, key,
                                       fingerprint, created_at, expires_at)
           values ($1, $2, $3, $4, true, 'golden', '', $5, $6)""",
        [
            (
                shop.identification,
                shop.programme_id,
                shop.member_id,
                shop.till.session_id,
                shop.case.at,
                shop.case.at + timedelta(minutes=5),
            )
            for shop in shops
        ],
    )


async def given(owner, shops: list[Shop]) -> None:
    """What each campaign has given the member so far, all of it spent."""
    await owner.executemany(
        """insert into ledger.lot (member_id, lot_id, unit, campaign_id, campaign_version, original, remaining,
                                   released, available_at)
           values ($1, gen_random_uuid(), $2, $3, 1, $4, 0, true, $5)""",
        [
            (shop.member_id, shop.case.programme.currency, campaign_id, amount, shop.case.at)
            for shop in shops
            for campaign_id, amount in shop.case.member.earned.items()
            if amount
        ],
    )


async def budgets_given(connections, shops: list[Shop]) -> None:
    """The rest of each total as given to others, so that jobs find the budgets to be what the versions say."""
    owner = await asyncpg.connect(connections.owner_dsn)
    try:
        await owner.executemany(
            """update ledger.budget set share = share + $3, given = given + $3
                where programme_id = $1 and campaign_id = $2 and bucket = 0""",
            [
                (shop.programme_id, version.campaign_id, version.limits.total - shop.case.budgets[version.campaign_id])
                for shop in shops
                for version in shop.campaigns
                if version.campaign_id in shop.case.budgets and version.limits.total is not None
            ],
        )
    finally:
        await owner.close()


async def past(owner, shops: list[Shop]) -> None:
    rows = []
    for shop in shops:
        for n, (at, category) in enumerate(shop.purchases()):
            basket = {"lines": [{"name": "Before", "category": category, "quantity": 1, "unit_price": 100}]}
            place = (shop.member_id, new_id(at), shop.programme_id, shop.case.basket.store_id, f"before-{n}", at)
            rows.append((*place, shop.case.programme.currency, json.dumps(basket)))
    await owner.executemany(
        """insert into ledger.purchase (member_id, purchase_id, programme_id, store_id, channel, receipt_number, at,
                                        recorded_at, source, unit, total, earned, redeemed, basket, quote,
                                        pending_after, available_after, debt_after, posted_version, version)
           values ($1, $2, $3, $4, 'store', $5, $6, $6, 'import', $7, 100, 0, 0, $8, '{}', 0, 0, 0, 1, 1)""",
        rows,
    )
