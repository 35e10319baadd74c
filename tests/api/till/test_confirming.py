"""Spending above the limit: the member confirms on her own device, once, for one till, one customer and one amount."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest

from api.ledger.verify import verify
from tests.support.people import make_programme
from tests.support.shopping import campaign, line, publish


@pytest.fixture
async def programme(database, clock):
    return await make_programme(database, clock, rules={"confirm_above": 2_000})


@pytest.fixture
async def rich(database, programme, clock, till, device):
    """A member with 50.00 of cashback and 2,000 points, of a programme that asks above 20.00."""
    points = campaign("points", reward={"kind": "points", "points": 2, "per": 100})
    await publish(database, programme.programme_id, clock.now(), points)
    await till.buy(device, line(100_000))
    return device


@pytest.fixture
def at_till(till):
    """Scan, and answer with what asks and posts for this customer."""

    class Customer:
        def __init__(self, identification: str) -> None:
            self.identification = identification

        async def ask(self, redeem: int, key: str | None = None, **more):
            return await till.post(
                "confirmations", {"identification": self.identification, "redeem": redeem, **more}, key
            )

        async def asked(self, redeem: int, **more) -> str:
            answer = await self.ask(redeem, **more)
            assert answer.status_code == 201, answer.text
            return answer.json()["confirmation_id"]

        async def buy(self, redeem: int, total: int = 10_000, **more):
            body = till.basket(line(total), identification=self.identification, redeem=redeem, **more)
            return await till.post("purchases", body)

    async def scan(device) -> Customer:
        found = await till.identify(device.code())
        assert found.status_code == 200, found.text
        till.clock.move(seconds=31)
        return Customer(found.json()["identification"])

    return scan


@pytest.fixture
def answer(http):
    async def give(device, confirmation_id: str, what: str = "allow"):
        headers = device.signed_in.headers
        return await http.post(f"/v1/me/confirmations/{confirmation_id}", json={"answer": what}, headers=headers)

    return give


@pytest.fixture
def state_of(http, till):
    async def read(confirmation_id: str, **params) -> str:
        path = f"/v1/till/confirmations/{confirmation_id}"
        answer = await http.get(path, headers=till.headers, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()["state"]

    return read


def refusal(answer) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code")


async def test_above_the_limit_a_purchase_waits_for_the_members_word_and_uses_it_up(
    rich, at_till, answer, state_of, till, database, http
) -> None:
    customer = await at_till(rich)
    refused = await customer.buy(3_500)
    assert refusal(refused) == (422, "confirmation_needed")
    assert refused.json()["params"] == {"limit": 2_000, "currency": "BRL"}
    asked = await customer.asked(3_500)
    mine = (await http.get("/v1/me/confirmations", headers=rich.signed_in.headers)).json()["items"]
    assert [(each["confirmation_id"], each["store_name"]) for each in mine] == [(asked, "Centro")]
    assert (mine[0]["amount"]["amount"], mine[0]["remaining"]["amount"]) == (3_500, 1_500)
    changes = (await http.get("/v1/me/changes", headers=rich.signed_in.headers)).json()
    assert changes["asked"] == mine
    assert refusal(await customer.buy(3_500)) == (422, "confirmation_needed")
    assert (await answer(rich, asked)).json() == {"confirmation_id": asked, "state": "allowed"}
    assert (await answer(rich, asked)).json()["state"] == "allowed"
    assert refusal(await answer(rich, asked, "refuse")) == (409, "confirmation_over")
    assert refusal(await customer.buy(3_501)) == (422, "confirmation_needed")
    receipt = await customer.buy(3_500)
    assert receipt.status_code == 201, receipt.text
    assert receipt.json()["redeemed"]["amount"] == 3_500
    assert await state_of(asked) == "used"
    assert (await http.get("/v1/me/confirmations", headers=rich.signed_in.headers)).json()["items"] == []
    acts = await database.fetch("select action, staff_id is null from audit where action like 'confirm%' order by 1")
    assert [tuple(row) for row in acts] == [("confirm_allowed", True), ("confirm_asked", False)]
    async with database.connection() as connection:
        assert (await verify(connection)).findings == []


async def test_a_retry_of_what_was_confirmed_answers_the_same_receipt_and_up_to_the_limit_nobody_is_asked(
    rich, at_till, answer, till
) -> None:
    assert (await (await at_till(rich)).buy(2_000)).status_code == 201
    customer = await at_till(rich)
    await answer(rich, await customer.asked(2_400))
    body = till.basket(line(10_000), identification=customer.identification, redeem=2_400)
    first, again = await till.post("purchases", body, "once"), await till.post("purchases", body, "once")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()


async def test_refused_and_too_late_are_no_and_less_can_be_spent_instead(
    rich, at_till, answer, state_of, clock, http, till
) -> None:
    customer = await at_till(rich)
    asked = await customer.asked(3_500)
    await answer(rich, asked, "refuse")
    assert await state_of(asked) == "refused"
    assert refusal(await customer.buy(3_500)) == (422, "confirmation_needed")
    asked = await customer.asked(3_500)
    clock.move(seconds=90)
    assert await state_of(asked) == "expired"
    late = await answer(rich, asked)
    assert refusal(late) == (409, "confirmation_over")
    assert late.json()["params"] == {"state": "expired"}
    assert (await http.get("/v1/me/confirmations", headers=rich.signed_in.headers)).json()["items"] == []
    assert refusal(await customer.buy(3_500)) == (422, "confirmation_needed")
    assert (await customer.buy(2_000)).status_code == 201


async def test_what_was_allowed_ends_with_the_scan_and_the_time_to_answer_is_the_programmes(
    rich, at_till, answer, state_of, clock, database, make_staff
) -> None:
    customer = await at_till(rich)
    asked = await customer.asked(3_500)
    await answer(rich, asked)
    clock.move(minutes=5)
    assert await state_of(asked) == "expired"
    assert refusal(await customer.buy(3_500)) == (409, "identification_expired")
    await database.execute(
        "insert into programme_settings (programme_id, version, body, changed_by, changed_at)"
        """ values ($1, 1, '{"confirm_seconds": 30}', $2, $3)""",
        rich.member.programme_id,
        (await make_staff()).staff_id,
        clock.now(),
    )
    asked = (await (await at_till(rich)).ask(3_500)).json()
    assert (asked["asked_at"], asked["answer_by"]) == ("2026-03-10T15:06:33Z", "2026-03-10T15:07:03Z")


async def test_one_confirmation_is_good_for_one_of_four_purchases_at_once_and_for_no_other_customers(
    rich, at_till, answer, database
) -> None:
    first, second = await at_till(rich), await at_till(rich)
    await answer(rich, await first.asked(2_400))
    assert refusal(await second.buy(2_400)) == (422, "confirmation_needed")
    answers = await asyncio.gather(*(first.buy(2_400) for _ in range(4)))
    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]
    assert await database.fetchval("select count(*) from confirmation where state = 'used'") == 1


async def test_another_till_and_another_member_find_nothing(
    rich, at_till, answer, http, make_staff, sign_in_staff, make_member, sign_in_member
) -> None:
    customer = await at_till(rich)
    asked = await customer.asked(3_500)
    other_till = (await sign_in_staff(await make_staff())).headers
    path = f"/v1/till/confirmations/{asked}"
    assert (await http.get(path, headers=other_till)).status_code == 404
    assert (await http.delete(path, headers=other_till)).status_code == 404
    body = {"identification": customer.identification, "redeem": 3_500}
    headers = {**other_till, "Idempotency-Key": str(uuid4())}
    assert refusal(await http.post("/v1/till/confirmations", json=body, headers=headers)) == (
        409,
        "identification_expired",
    )
    rich.signed_in = await sign_in_member(await make_member())
    assert refusal(await answer(rich, asked)) == (404, "not_found")


async def test_the_same_key_asks_once_and_what_is_taken_back_cannot_be_answered(
    rich, at_till, state_of, answer, http, till
) -> None:
    customer = await at_till(rich)
    gone = await customer.asked(3_500)
    for _ in range(2):
        withdrawn = await http.delete(f"/v1/till/confirmations/{gone}", headers=till.headers)
        assert withdrawn.json()["state"] == "withdrawn"
    assert refusal(await answer(rich, gone)) == (409, "confirmation_over")
    first = (await customer.ask(3_500, "k")).json()["confirmation_id"]
    again = await customer.ask(3_500, "k")
    assert (again.json()["confirmation_id"], again.headers["Idempotent-Replayed"]) == (first, "true")
    assert refusal(await customer.ask(3_600, "k")) == (409, "idempotency_key_reused")
    second = await customer.asked(3_000)
    assert (await state_of(first), await state_of(second)) == ("withdrawn", "waiting")
    for _ in range(5):
        await customer.asked(3_000)
    assert refusal(await customer.ask(3_000)) == (429, "too_many_requests")


async def test_nobody_is_asked_for_what_cannot_be(rich, at_till) -> None:
    customer = await at_till(rich)
    for wanted, code in (
        ({"redeem": 5_001}, "redeem_over_balance"),
        ({"redeem": 0, "redeem_points": 2_001}, "redeem_over_balance"),
        ({"redeem": 0}, "invalid_input"),
        ({"redeem": {"amount": 3_000, "currency": "EUR"}}, "currency_wrong"),
    ):
        assert refusal(await customer.ask(**wanted)) == (422, code)


async def test_points_count_towards_the_limit_and_are_confirmed_with_the_cashback(rich, at_till, answer) -> None:
    customer = await at_till(rich)
    assert refusal(await customer.buy(1_500, redeem_points=600)) == (422, "confirmation_needed")
    asked = (await customer.ask(1_500, redeem_points=600)).json()
    assert (asked["amount"]["amount"], asked["redeem_points"]) == (2_100, 600)
    await answer(rich, asked["confirmation_id"])
    assert refusal(await customer.buy(2_100)) == (422, "confirmation_needed")
    assert (await customer.buy(1_500, redeem_points=600)).status_code == 201


async def test_her_own_limit_holds_below_the_programmes(rich, at_till, http, till) -> None:
    headers = rich.signed_in.headers
    profile = (await http.put("/v1/me/spend-limit", json={"limit": 0}, headers=headers)).json()
    assert [profile[name]["amount"] for name in ("spend_limit", "most_spend_limit", "own_spend_limit")] == [0, 2_000, 0]
    customer = await at_till(rich)
    quoted = (await till.post("quotes", till.basket(line(1_000), identification=customer.identification))).json()
    assert (quoted["spend_limit"]["amount"], quoted["may_spend"]["amount"]) == (0, 1_000)
    assert refusal(await customer.buy(1)) == (422, "confirmation_needed")
    await http.put("/v1/me/spend-limit", json={"limit": 9_000}, headers=headers)
    assert refusal(await customer.buy(2_001)) == (422, "confirmation_needed")
    profile = (await http.put("/v1/me/spend-limit", json={"limit": None}, headers=headers)).json()
    assert (profile["spend_limit"]["amount"], profile["own_spend_limit"]) == (2_000, None)
    assert (await customer.buy(2_000)).status_code == 201


async def test_a_device_that_is_too_new_to_spend_is_too_new_to_allow(
    rich, at_till, http, database, clock, make_staff, sign_in_member
) -> None:
    await database.execute(
        "insert into programme_settings (programme_id, version, body, changed_by, changed_at)"
        """ values ($1, 1, '{"new_device_hours": 24}', $2, $3)""",
        rich.member.programme_id,
        (await make_staff()).staff_id,
        clock.now(),
    )
    asked = await (await at_till(rich)).asked(3_500)
    stolen = (await sign_in_member(rich.member)).headers
    given = await http.post(f"/v1/me/confirmations/{asked}", json={"answer": "allow"}, headers=stolen)
    assert refusal(given) == (422, "spend_new_device")
    given = await http.post(f"/v1/me/confirmations/{asked}", json={"answer": "refuse"}, headers=stolen)
    assert given.json()["state"] == "refused"


async def test_a_batch_does_not_get_round_the_limit(rich, at_till, answer, till) -> None:
    customer = await at_till(rich)

    async def send() -> dict:
        body = till.basket(line(10_000), identification=customer.identification, redeem=3_500)
        sent = await till.post("batches", {"receipts": [{"key": str(uuid4()), "purchase": body}]})
        return sent.json()["outcomes"][0]

    assert (await send())["problem"]["code"] == "confirmation_needed"
    await answer(rich, await customer.asked(3_500))
    assert (await send())["outcome"] == "posted"


async def test_the_waiting_till_hears_the_answer_at_once_and_the_phone_of_the_request(
    rich, at_till, answer, state_of, app
) -> None:
    hub = app.state.hub
    customer = await at_till(rich)
    with hub.subscribe(rich.member.member_id, rich.signed_in.session_id) as phone:
        asked = await customer.asked(3_500)
        async with asyncio.timeout(5):
            await anext(aiter(phone))
        waiting = asyncio.create_task(state_of(asked, wait=20))
        async with asyncio.timeout(5):
            while UUID(asked) not in hub._open:  # noqa: ASYNC110 - the till waits once it stands here
                await asyncio.sleep(0.01)
            await answer(rich, asked)
            assert await waiting == "allowed"
