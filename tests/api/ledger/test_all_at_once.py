"""Selling, taking back, looking, settling, holding and deciding of the same wallets, all at the same time."""

from __future__ import annotations

import asyncio
import random
from typing import Any
from uuid import UUID

import pytest

from api.jobs.settle import settle
from api.ledger.verify import verify
from api.till import repository as sales
from api.till.refunds import sold_lines
from tests.api.counter.conftest import desk_of, look, manager, set_limits
from tests.api.till.conftest import Device, device, till
from tests.support.shopping import campaign, line, publish

__all__ = ["desk_of", "device", "look", "manager", "set_limits", "till"]
SEED = 20_260_310
EXPECTED = {"redeem_over_balance", "already_refunded", "refund_over_purchase", "already_decided"}


@pytest.fixture
async def shop(till, database, programme, clock):
    """Campaigns whose lots wait, and end; points; stamps; a budget; a member's cap."""
    fixed = {"kind": "fixed", "value": 300}
    await publish(
        database,
        programme.programme_id,
        clock.now(),
        campaign("waits", pending_days=1, expiry={"kind": "days", "days": 1}),
        campaign("points", reward={"kind": "points", "per": 100}),
        campaign("stamps", reward={"kind": "stamp"}, limits={"per_member": 5}),
        campaign("flash", reward=fixed, limits={"total": 2_000, "per_member": 900}),
    )
    return till


@pytest.fixture
async def devices(device, make_member, sign_in_member, clock) -> list[Device]:
    other = await make_member()
    return [device, Device(other, await sign_in_member(other), clock)]


@pytest.fixture
def next_day(shop, make_staff, sign_in_staff, clock):
    """What waited is due, and who works the day after signs in."""

    async def next_day() -> None:
        clock.move(days=1)
        shop.headers = (await sign_in_staff(await make_staff())).headers

    return next_day


async def answered(call: Any) -> None:
    """Whatever it was, it was done, or refused with a reason."""
    answer = await call
    assert answer.status_code in {200, 201} or answer.json()["code"] in EXPECTED, answer.text


async def test_whatever_meets_in_a_wallet_no_cent_is_taken_twice_and_nobody_sees_an_error(
    shop, devices, next_day, look, desk_of, set_limits, database, clock
) -> None:
    await set_limits(member_purchases_per_hour=1)
    bought = [await shop.buy(each, line(1_000, quantity=3), line(777)) for _ in range(5) for each in devices]
    await look()
    await next_day()
    manager = await desk_of("manager")
    reviews = (await manager.get("/programme/reviews"))["items"]
    assert {len(each["purchases"]) for each in reviews} == {4}

    async def identified(each: Device) -> str:
        clock.move(seconds=31)
        return (await shop.identify(each.code())).json()["identification"]

    parts = [{}, {"lines": [{"line": 0, "quantity": 1}]}, {"lines": [{"line": 0, "quantity": 2}]}]
    paths = [f"purchases/{each['purchase_id']}/refunds" for each in bought]
    sales = [shop.basket(line(500), identification=await identified(devices[n % 2]), redeem=40 * n) for n in range(6)]
    calls = [answered(shop.post(path, part)) for path in paths for part in parts]
    calls += [answered(shop.post(path, parts[1], preview="true")) for path in paths]
    calls += [answered(shop.post("purchases", sale)) for sale in sales]
    for review in reviews:
        path = f"/programme/reviews/{review['review_id']}/decision"
        calls += [answered(manager.call("POST", path, {"decision": word})) for word in ("rejected", "cleared")]
    hold = "select ledger.hold_purchase($1, $2, gen_random_uuid(), $3)"
    calls += [
        database.execute(hold, devices[n].member.member_id, UUID(bought[n]["purchase_id"]), clock.now()) for n in (0, 1)
    ]
    calls += [settle(database, None, clock.now()) for _ in range(4)]
    random.Random(SEED).shuffle(calls)  # noqa: S311 - the order of a test
    await asyncio.gather(*calls)
    async with database.connection() as connection:
        assert (await verify(connection)).findings == []
    given, share = await database.fetchrow("select sum(given)::bigint, sum(share)::bigint from ledger.budget")
    assert given == await kept_of(database, "flash") <= share == 2_000
    assert given > 0


async def kept_of(database, campaign_id: str) -> int:
    """What a campaign gave for what is kept now, line by line."""
    kept = 0
    for member_id, purchase_id in await database.fetch("select member_id, purchase_id from ledger.purchase"):
        async with database.connection() as connection:
            row = await sales.sold(connection, member_id, purchase_id)
        for each in sold_lines(row):
            gave = sum(value for (key, _), value in each.earned.items() if key == campaign_id)
            kept += gave - gave * each.returned // each.quantity
    return kept
