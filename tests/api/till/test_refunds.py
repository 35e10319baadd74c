"""A refund mirrors the purchase: what was earned goes back, what was spent comes back, and a preview tells it all."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from api.ledger.verify import verify
from tests.support.shopping import campaign, give_back_by, line, publish


@pytest.fixture(autouse=True)
async def the_ledger_stays_in_order(database):
    yield
    async with database.connection() as connection:
        assert not (await verify(connection)).findings


async def refund(till, purchase_id: str, lines=None, key=None, **params):
    body = {} if lines is None else {"lines": lines}
    return await till.post(f"purchases/{purchase_id}/refunds", body, key, **params)


async def test_a_whole_refund_takes_back_what_was_earned(till, device, wallet_of) -> None:
    receipt = await till.buy(device)
    answer = await refund(till, receipt["purchase_id"])
    assert answer.status_code == 201
    assert answer.json()["refund"]["clawed_back"]["amount"] == 500
    assert answer.json()["refund"]["from_available"]["amount"] == 500
    assert await wallet_of(device) == (0, 0, 0)


async def test_a_preview_tells_the_very_effect_and_writes_nothing(till, device, wallet_of, database) -> None:
    receipt = await till.buy(device)
    preview = await refund(till, receipt["purchase_id"], preview=True)
    assert preview.status_code == 200
    assert preview.json()["preview"] is True
    assert await wallet_of(device) == (0, 500, 0)
    assert await database.fetchval("select count(*) from ledger.refund") == 0
    done = await refund(till, receipt["purchase_id"])
    for field in ("amount", "clawed_back", "from_pending", "from_available", "to_debt", "restored", "lines"):
        assert preview.json()["refund"][field] == done.json()["refund"][field]


async def test_pending_cashback_is_taken_back_from_what_is_pending(
    till, device, database, programme, clock, wallet_of
) -> None:
    await publish(database, programme.programme_id, clock.now(), campaign("base", version=2, pending_days=14))
    receipt = await till.buy(device)
    assert await wallet_of(device) == (500, 0, 0)
    done = await refund(till, receipt["purchase_id"])
    assert done.json()["refund"]["from_pending"]["amount"] == 500
    assert await wallet_of(device) == (0, 0, 0)


async def test_cashback_that_was_spent_becomes_a_debt_that_the_next_credit_absorbs(till, device, wallet_of) -> None:
    first = await till.buy(device)
    await till.buy(device, line(500), redeem=500)  # earns 25
    done = await refund(till, first["purchase_id"])
    assert done.json()["refund"]["to_debt"]["amount"] == 475
    assert await wallet_of(device) == (0, 0, 475)
    await till.buy(device)
    assert await wallet_of(device) == (0, 25, 0)


async def test_spent_cashback_comes_back_to_its_lot(till, device, wallet_of) -> None:
    await till.buy(device)
    spent = await till.buy(device, line(1_000), redeem=400)
    done = await refund(till, spent["purchase_id"])
    assert done.json()["refund"]["restored"]["amount"] == 400
    assert await wallet_of(device) == (0, 500, 0)


async def test_lines_come_back_one_after_another_to_the_cent(till, device, wallet_of) -> None:
    receipt = await till.buy(device, line(333, quantity=3), line(1_001))
    parts = [
        [{"line": 0, "quantity": 1}],
        [{"line": 0, "quantity": 1}, {"line": 1, "quantity": 1}],
        [{"line": 0, "quantity": 1}],
    ]
    amounts = [(await refund(till, receipt["purchase_id"], part)).json()["refund"] for part in parts]
    assert [part["amount"]["amount"] for part in amounts] == [333, 333 + 1_001, 333]
    assert sum(part["clawed_back"]["amount"] for part in amounts) == receipt["earned"]["amount"]
    assert await wallet_of(device) == (0, 0, 0)


async def test_a_line_that_earned_nothing_costs_nothing_when_returned(till, device, wallet_of) -> None:
    receipt = await till.buy(device, line(10_000), line(5_000, name="Gift card", category="giftcard"))
    done = await refund(till, receipt["purchase_id"], [{"line": 1, "quantity": 1}])
    assert done.json()["refund"]["clawed_back"]["amount"] == 0
    assert await wallet_of(device) == (0, 500, 0)


async def test_a_purchase_is_taken_back_once(till, device) -> None:
    receipt = await till.buy(device)
    assert (await refund(till, receipt["purchase_id"])).status_code == 201
    again = await refund(till, receipt["purchase_id"])
    assert (again.status_code, again.json()["code"]) == (409, "already_refunded")


async def test_a_retry_with_the_same_key_is_the_same_refund(till, device, database) -> None:
    receipt = await till.buy(device)
    first = await refund(till, receipt["purchase_id"], key="once")
    again = await refund(till, receipt["purchase_id"], key="once")
    assert again.content == first.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert await database.fetchval("select count(*) from ledger.refund") == 1


async def test_fifty_refunds_of_one_purchase_at_once_are_one(till, device, database, wallet_of) -> None:
    receipt = await till.buy(device)
    answers = await asyncio.gather(*[refund(till, receipt["purchase_id"]) for _ in range(50)])
    assert sorted({answer.status_code for answer in answers}) == [201, 409]
    assert sum(answer.status_code == 201 for answer in answers) == 1
    assert await database.fetchval("select count(*) from ledger.refund") == 1
    assert await wallet_of(device) == (0, 0, 0)


async def test_a_preview_that_another_refund_comes_before_tells_what_is_left(till, device, database, clock) -> None:
    receipt = await till.buy(device, line(1_000, quantity=2))
    member, bought = device.member.member_id, UUID(receipt["purchase_id"])
    waits = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
    async with database.transaction() as other:
        await give_back_by(other, member, bought, clock.now(), {0: 1})
        preview = asyncio.create_task(refund(till, receipt["purchase_id"], preview=True))
        async with asyncio.timeout(5):
            while not await database.fetchval(waits):
                pass
    told = (await preview).json()
    assert told["refund"]["amount"]["amount"] == 1_000, told


async def test_more_than_was_bought_is_refused(till, device, database) -> None:
    receipt = await till.buy(device, line(500, quantity=2))
    answer = await refund(till, receipt["purchase_id"], [{"line": 0, "quantity": 3}])
    assert (answer.status_code, answer.json()["code"]) == (422, "refund_over_purchase")
    twice = await refund(till, receipt["purchase_id"], [{"line": 0, "quantity": 1}, {"line": 0, "quantity": 2}])
    assert twice.json()["code"] == "refund_over_purchase"
    beyond = await refund(till, receipt["purchase_id"], [{"line": 7, "quantity": 1}])
    assert (beyond.status_code, beyond.json()["errors"][0]["field"]) == (422, "lines.0.line")
    assert await database.fetchval("select count(*) from ledger.refund") == 0


async def test_another_store_cannot_take_it_back(till, device, make_staff, sign_in_staff) -> None:
    receipt = await till.buy(device)
    till.headers = (await sign_in_staff(await make_staff(store_id="jardins"))).headers
    assert (await refund(till, receipt["purchase_id"])).status_code == 404


async def test_a_refund_stands_in_the_purchase(till, device, http) -> None:
    receipt = await till.buy(device, line(1_000, quantity=2))
    await refund(till, receipt["purchase_id"], [{"line": 0, "quantity": 1}])
    purchase = (await http.get(f"/v1/till/purchases/{receipt['purchase_id']}", headers=till.headers)).json()
    assert purchase["lines"][0]["refunded_quantity"] == 1
    assert purchase["clawed_back"]["amount"] == 50
    assert purchase["state"] == "available"
