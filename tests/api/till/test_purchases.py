"""A purchase is quoted by the rules and posted once, whatever is retried; what does not hold changes nothing."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from api.ledger.verify import verify
from api.publishing.service import publish_rules
from contract.facts import ProgrammeTerms
from contract.member_code import step_at
from contract.publishing import RulesDraft
from tests.support.shopping import campaign, line, publish


async def identified(till, device) -> str:
    answer = await till.identify(device.code())
    assert answer.status_code == 200, answer.text
    return answer.json()["identification"]


async def test_a_purchase_earns_what_was_quoted_and_says_why(till, device, wallet_of) -> None:
    who = await identified(till, device)
    basket = till.basket(line(6_400), line(2_250, name="Apples", category="food/fruit"))
    quoted = await till.post("quotes", {**basket, "identification": who})
    assert quoted.status_code == 200
    answer = await till.post("purchases", {**basket, "identification": who})
    assert answer.status_code == 201
    receipt = answer.json()
    assert receipt["earned"] == quoted.json()["quote"]["earned"] == {"amount": 432, "currency": "BRL"}
    assert [entry["earned"]["amount"] for entry in receipt["lines"]] == [320, 112]
    assert receipt["lines"][0]["why"][0] == {
        **receipt["lines"][0]["why"][0],
        "code": "percent",
        "rate_bp": 500,
        "basis": {"amount": 6_400, "currency": "BRL"},
    }
    assert await wallet_of(device) == (0, 432, 0)


async def test_prices_may_be_money_or_bare_minor_units(till, device) -> None:
    receipt = await till.buy(device, line({"amount": 10_000, "currency": "BRL"}, discount=1_000))
    assert receipt["total"]["amount"] == 9_000
    assert receipt["earned"]["amount"] == 450


async def test_cashback_is_pending_until_its_day(till, device, database, clock, programme, wallet_of) -> None:
    await publish(database, programme.programme_id, clock.now(), campaign("later", pending_days=14))
    receipt = await till.buy(device)
    assert await wallet_of(device) == (500, 500, 0)
    assert receipt["available_at"].startswith((clock.now() + timedelta(days=14)).date().isoformat())


async def test_the_same_purchase_fifty_times_at_once_is_one_purchase(till, device, database, wallet_of) -> None:
    body = till.basket(identification=await identified(till, device))
    answers = await asyncio.gather(*[till.post("purchases", body, key="once") for _ in range(50)])
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) == 1
    assert await database.fetchval("select count(*) from ledger.purchase") == 1
    assert await database.fetchval("select count(*) from ledger.movement") == 1
    assert await wallet_of(device) == (0, 500, 0)


async def test_another_body_with_a_used_key_is_refused_and_writes_nothing(till, device, database) -> None:
    body = till.basket(identification=await identified(till, device))
    await till.post("purchases", body, key="once")
    other = await till.post("purchases", {**body, "receipt_number": "another"}, key="once")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    assert await database.fetchval("select count(*) from ledger.purchase") == 1


async def test_a_retry_is_answered_though_the_identification_is_long_over(till, device, clock) -> None:
    body = till.basket(identification=await identified(till, device), at=clock.now().isoformat())
    first = await till.post("purchases", body, key="once")
    clock.move(minutes=9)
    again = await till.post("purchases", body, key="once")
    assert again.content == first.content


async def test_a_receipt_number_credits_one_member_once(till, device, database) -> None:
    first = till.basket(identification=await identified(till, device))
    await till.post("purchases", first)
    till.clock.move(seconds=31)
    second = {**first, "identification": await identified(till, device), "at": till.clock.now().isoformat()}
    answer = await till.post("purchases", second)
    assert (answer.status_code, answer.json()["code"]) == (409, "receipt_already_posted")
    assert await database.fetchval("select count(*) from ledger.purchase") == 1


async def test_an_identification_serves_one_purchase(till, device) -> None:
    who = await identified(till, device)
    assert (await till.post("purchases", till.basket(identification=who))).status_code == 201
    again = await till.post("purchases", till.basket(identification=who))
    assert (again.status_code, again.json()["code"]) == (409, "identification_expired")


async def test_an_identification_is_over_after_five_minutes(till, device) -> None:
    who = await identified(till, device)
    till.clock.move(minutes=5, seconds=1)
    answer = await till.post("purchases", till.basket(identification=who))
    assert answer.json()["code"] == "identification_expired"


async def test_an_identification_is_of_no_use_at_another_till(till, device, make_staff, sign_in_staff) -> None:
    who = await identified(till, device)
    other = await sign_in_staff(await make_staff())
    till.headers = other.headers
    answer = await till.post("purchases", till.basket(identification=who))
    assert answer.json()["code"] == "identification_expired"


async def test_a_purchase_may_name_the_code_itself_and_uses_it_up(till, device) -> None:
    code = device.code()
    body = till.basket(code=code)
    first = await till.post("purchases", body, key="once")
    assert first.status_code == 201
    assert (await till.post("purchases", body, key="once")).content == first.content
    assert (await till.identify(code)).json()["code"] == "code_used"


async def test_one_code_at_two_tills_at_once_is_accepted_at_one(till, device, database) -> None:
    code = device.code()
    answers = await asyncio.gather(*[till.post("purchases", till.basket(code=code)) for _ in range(8)])
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert await database.fetchval("select count(*) from ledger.purchase") == 1
    step = step_at(till.clock.now().timestamp())
    assert await database.fetchval("select max(last_step) from session") == step


async def test_cashback_is_spent_up_to_the_balance(till, device, wallet_of) -> None:
    await till.buy(device)
    receipt = await till.buy(device, line(2_000), redeem=500)
    assert receipt["redeemed"]["amount"] == 500
    assert receipt["to_pay"]["amount"] == 1_500
    assert receipt["wallet"]["available"]["amount"] == 100
    assert await wallet_of(device) == (0, 100, 0)


async def test_spending_more_than_is_available_is_refused(till, device, wallet_of) -> None:
    await till.buy(device)
    answer = await till.post("purchases", till.basket(identification=await identified(till, device), redeem=501))
    assert (answer.status_code, answer.json()["code"]) == (422, "redeem_over_balance")
    assert answer.json()["params"] == {"available": 500, "currency": "BRL"}
    assert await wallet_of(device) == (0, 500, 0)


async def test_a_refusal_names_what_is_left_of_a_balance_that_has_just_expired(
    till, device, database, programme, clock, make_staff, sign_in_staff
) -> None:
    ends = {"expiry": {"kind": "days", "days": 1}}
    points = campaign("points", reward={"kind": "points", "per": 100}, **ends)
    await publish(database, programme.programme_id, clock.now(), campaign("base", version=2, **ends), points)
    await till.buy(device)
    clock.set(clock.now().replace(day=12, hour=3, minute=0, second=1))
    till.headers = (await sign_in_staff(await make_staff())).headers
    for unit, spent in (("PTS", {"redeem_points": 100}), ("BRL", {"redeem": 500})):
        answer = await till.post("purchases", till.basket(code=device.code(), **spent))
        assert (answer.status_code, answer.json()["code"]) == (422, "redeem_over_balance")
        assert answer.json()["params"] == {"available": 0, "currency": unit}


async def test_spending_more_than_the_cap_is_refused(till, device, database, programme, clock) -> None:
    await till.buy(device)
    async with database.transaction() as connection:
        draft = RulesDraft(rules=ProgrammeTerms(redeem_max_share_bp=5_000))
        await publish_rules(connection, programme.programme_id, draft, clock.now())
    who = await identified(till, device)
    quoted = await till.post("quotes", till.basket(line(800), identification=who))
    assert quoted.json()["may_spend"]["amount"] == 400
    answer = await till.post("purchases", till.basket(line(800), identification=who, redeem=401))
    assert (answer.status_code, answer.json()["code"]) == (422, "redeem_over_cap")
    assert answer.json()["params"]["most"] == 400


async def test_spendings_of_one_balance_at_once_take_what_it_covers(till, device, database, wallet_of) -> None:
    await till.buy(device)  # 500 available
    bodies = []
    for _ in range(8):  # one code a step, within the minutes of the first scan; fifty are sent in tests/faults
        bodies.append(till.basket(line(200), identification=await identified(till, device), redeem=150))
        till.clock.move(seconds=31)
    till.clock.set(till.clock.now() - timedelta(seconds=250))
    answers = await asyncio.gather(*[till.post("purchases", body) for body in bodies])
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [422] * 5
    assert {answer.json()["code"] for answer in answers if answer.status_code == 422} == {"redeem_over_balance"}
    pending, available, debt = await wallet_of(device)
    assert (pending, debt) == (0, 0)
    assert available == 500 - 3 * 150 + 3 * 10
    async with database.connection() as connection:
        assert not (await verify(connection)).findings


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"lines": [line(0)]}, "lines.0.unit_price"),
        ({"lines": [line(-5)]}, "lines.0.unit_price"),
        ({"lines": [line(10**15)]}, "lines.0.unit_price"),
        ({"lines": [line("12.50")]}, "lines.0.unit_price"),
        ({"lines": [line(12.5)]}, "lines.0.unit_price"),
        ({"lines": [line(quantity=0)]}, "lines.0.quantity"),
        ({"lines": [line(discount=2_000)]}, "lines.0"),
        ({"lines": []}, "lines"),
        ({"store_id": "nowhere"}, "store_id"),
        ({"at": "2026-03-11T15:00:00Z"}, "at"),
        ({"at": "2026-03-10T15:00:00"}, "at"),
        ({"receipt_number": ""}, "receipt_number"),
        ({"redeem": -1}, "redeem"),
        ({"lines": [line({"amount": 100, "currency": "EUR"})]}, "lines"),
        ({"surprise": 1}, "surprise"),
    ],
)
async def test_bad_input_names_its_field_and_writes_nothing(till, device, database, change, field) -> None:
    body = {**till.basket(identification=await identified(till, device)), **change}
    answer = await till.post("purchases", body)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert any(error["field"].startswith(field) for error in answer.json()["errors"]), answer.text
    assert await database.fetchval("select count(*) from ledger.purchase") == 0
    assert await database.fetchval("select count(*) from ledger.write_claim") == 0


async def test_a_till_posts_for_its_own_store_only(till, device) -> None:
    body = {**till.basket(identification=await identified(till, device)), "store_id": "jardins"}
    answer = await till.post("purchases", body)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


async def test_a_write_without_a_key_is_refused(till, http, device) -> None:
    answer = await http.post("/v1/till/purchases", json=till.basket(code=device.code()), headers=till.headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")


async def test_the_store_sees_its_purchases_latest_first_and_by_receipt_number(till, device, http) -> None:
    receipts = [await till.buy(device) for _ in range(3)]
    listed = await http.get("/v1/till/purchases", headers=till.headers, params={"limit": 2})
    assert [item["purchase_id"] for item in listed.json()["items"]] == [r["purchase_id"] for r in receipts[:0:-1]]
    rest = await http.get("/v1/till/purchases", headers=till.headers, params={"cursor": listed.json()["next_cursor"]})
    assert [item["purchase_id"] for item in rest.json()["items"]] == [receipts[0]["purchase_id"]]
    one = await http.get(
        "/v1/till/purchases", headers=till.headers, params={"receipt_number": receipts[1]["receipt_number"]}
    )
    assert [item["purchase_id"] for item in one.json()["items"]] == [receipts[1]["purchase_id"]]
