"""Receipts that a till has queued are posted together: each once, each by the rules, and none spoils another."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from api.ledger.verify import verify
from contract import member_code
from tests.api.till.conftest import Device, Till
from tests.support.shopping import campaign, line, publish


@pytest.fixture
async def cashier(make_staff, programme):
    return await make_staff()


@pytest.fixture
async def till(http, clock, cashier, sign_in_staff, programme, database) -> Till:
    await publish(database, programme.programme_id, clock.now(), campaign())
    return Till(http, clock, (await sign_in_staff(cashier)).headers)


@pytest.fixture
def later(till, clock, cashier, sign_in_staff):
    """The network is back, and somebody signs in to the till anew."""

    async def move(**by: float) -> None:
        clock.move(**by)
        till.headers = (await sign_in_staff(cashier)).headers

    return move


@pytest.fixture
def make_device(make_member, sign_in_member, clock, programme):
    async def make() -> Device:
        member = await make_member()
        return Device(member, await sign_in_member(member), clock)

    return make


@pytest.fixture(autouse=True)
async def the_ledger_stays_in_order(database):
    yield
    async with database.connection() as connection:
        assert not (await verify(connection)).findings


@dataclass
class Queue:
    """A till that queues receipts and then sends them."""

    till: Till

    def receipt(self, device: Device, *lines: dict[str, Any], key: str | None = None, ago: int = 0, **more: Any):
        at = self.till.clock.now() - timedelta(seconds=ago)
        step = member_code.step_at(at.timestamp())
        code = member_code.make(device.member.member_number, device.signed_in.code_secret, step).text
        return {
            "key": key or str(uuid4()),
            "purchase": self.till.basket(*lines, **{"code": code, "at": at.isoformat(), **more}),
        }

    async def send(self, *receipts: dict[str, Any]) -> list[dict[str, Any]]:
        answer = await self.till.http.post(
            "/v1/till/batches", json={"receipts": list(receipts)}, headers=self.till.headers
        )
        assert answer.status_code == 200, answer.text
        outcomes = answer.json()["outcomes"]
        assert [each["key"] for each in outcomes] == [each["key"] for each in receipts]
        return outcomes


@pytest.fixture
def queue(till) -> Queue:
    return Queue(till)


def said(outcomes: list[dict[str, Any]]) -> list[str]:
    return [each["problem"]["code"] if each["problem"] else each["outcome"] for each in outcomes]


def earned(outcomes: list[dict[str, Any]]) -> list[int]:
    return [each["receipt"]["earned"]["amount"] for each in outcomes if each["receipt"]]


async def count(database, table: str = "ledger.purchase") -> int:
    return await database.fetchval(f"select count(*) from {table}")


async def test_many_receipts_are_posted_and_each_has_its_outcome(queue, make_device, database) -> None:
    devices = [await make_device() for _ in range(4)]
    receipts = [queue.receipt(device, line(1_000 * (n + 1))) for n, device in enumerate(devices)]
    outcomes = await queue.send(*receipts)
    assert said(outcomes) == ["posted"] * 4
    assert earned(outcomes) == [50, 100, 150, 200]
    assert outcomes[3]["receipt"]["wallet"]["available"] == {"amount": 200, "currency": "BRL"}
    assert outcomes[3]["receipt"]["receipt_number"] == receipts[3]["purchase"]["receipt_number"]
    assert await count(database) == 4


async def test_the_same_batch_again_is_replayed(queue, make_device, database) -> None:
    receipts = [queue.receipt(await make_device()) for _ in range(3)]
    first, again = await queue.send(*receipts), await queue.send(*receipts)
    assert (said(first), said(again)) == (["posted"] * 3, ["replayed"] * 3)
    assert [each["receipt"] for each in first] == [each["receipt"] for each in again]
    assert await count(database) == 3


async def test_the_same_batch_twice_at_once_is_posted_once(queue, make_device, database) -> None:
    receipts = [queue.receipt(await make_device()) for _ in range(12)]
    both = await asyncio.gather(*[queue.send(*receipts) for _ in range(4)])
    assert sum(said(outcomes).count("posted") for outcomes in both) == 12
    assert sum(said(outcomes).count("replayed") for outcomes in both) == 36
    assert await count(database) == 12


async def test_a_key_is_the_same_key_alone_and_in_a_batch(queue, till, make_device, database) -> None:
    receipt = queue.receipt(await make_device(), key="once")
    single = await till.post("purchases", receipt["purchase"], key="once")
    assert single.status_code == 201
    outcomes = await queue.send(receipt)
    assert said(outcomes) == ["replayed"]
    assert outcomes[0]["receipt"]["purchase_id"] == single.json()["purchase_id"]
    after = await till.post("purchases", receipt["purchase"], key="once")
    assert after.headers["Idempotent-Replayed"] == "true"


async def test_one_bad_receipt_spoils_no_other(queue, till, make_device, database, clock) -> None:
    devices = [await make_device() for _ in range(9)]
    good = [queue.receipt(devices[n]) for n in range(2)]
    no_lines = queue.receipt(devices[2], lines=[])
    stranger = queue.receipt(devices[3], code=member_code.MemberCode("0000000000", "12345678").text)
    nonsense = queue.receipt(devices[4], code="hello")
    other_store = queue.receipt(devices[5], store_id="jardins")
    dollars = queue.receipt(devices[6], line({"amount": 100, "currency": "USD"}))
    too_much = queue.receipt(devices[7], redeem=100)
    taken = queue.receipt(devices[8], receipt_number=good[0]["purchase"]["receipt_number"])
    outcomes = await queue.send(good[0], no_lines, stranger, nonsense, other_store, dollars, too_much, taken, good[1])
    assert said(outcomes) == [
        "posted",
        "invalid_input",
        "code_unknown",
        "code_malformed",
        "not_allowed",
        "currency_wrong",
        "redeem_over_balance",
        "receipt_already_posted",
        "posted",
    ]
    assert outcomes[1]["problem"]["errors"][0]["field"] == "lines"
    assert await count(database) == 2
    clock.move(seconds=1)
    assert said(await queue.send({**too_much, "key": "again", "purchase": {**too_much["purchase"], "redeem": 0}})) == [
        "posted"
    ]


async def test_receipts_of_one_member_are_handled_in_order(queue, make_device, database, programme, clock) -> None:
    await publish(
        database,
        programme.programme_id,
        clock.now(),
        campaign("first", who=[{"kind": "first_purchase"}], reward={"kind": "fixed", "value": 1_000}),
        campaign("few", reward={"kind": "fixed", "value": 40}, limits={"per_member": 100}),
    )
    device = await make_device()
    receipts = [queue.receipt(device, line(1_000), ago=300 - 60 * n) for n in range(4)]
    receipts[3]["purchase"]["redeem"] = 1_000
    outcomes = await queue.send(*receipts)
    assert said(outcomes) == ["posted"] * 4
    assert earned(outcomes) == [50 + 1_000 + 40, 50 + 40, 50 + 20, 50]
    assert outcomes[3]["receipt"]["wallet"]["available"]["amount"] == 300
    versions = [each["receipt"]["wallet"]["version"] for each in outcomes]
    assert versions == sorted(versions)


async def test_the_same_key_twice_in_a_batch_is_one_receipt(queue, make_device, database) -> None:
    receipt = queue.receipt(await make_device(), key="once")
    other = queue.receipt(await make_device(), key="once")
    outcomes = await queue.send(receipt, receipt, other)
    assert said(outcomes) == ["posted", "replayed", "idempotency_key_reused"]
    assert outcomes[0]["receipt"] == outcomes[1]["receipt"]
    assert await count(database) == 1


async def test_a_code_is_good_once_in_a_batch_and_after_it(queue, till, make_device, database) -> None:
    device = await make_device()
    receipts = [queue.receipt(device) for _ in range(2)]
    assert said(await queue.send(*receipts)) == ["posted", "code_used"]
    assert said(await queue.send({**receipts[1], "key": "other"})) == ["code_used"]
    assert (await till.identify(device.code())).json()["code"] == "code_used"


async def test_a_code_scanned_offline_is_judged_by_the_time_of_the_scan(queue, make_device, later) -> None:
    device = await make_device()
    receipt = queue.receipt(device)
    await later(days=6)
    alone = await queue.till.post("purchases", receipt["purchase"])
    assert alone.json()["code"] == "code_unknown"
    assert said(await queue.send(receipt)) == ["posted"]
    assert said(await queue.send({**receipt, "key": "other"})) == ["code_used"]


async def test_an_offline_receipt_is_good_though_the_member_has_shopped_elsewhere_since(
    queue, till, make_device, later
) -> None:
    device = await make_device()
    receipt = queue.receipt(device)
    await later(hours=1)
    await till.buy(device)
    assert said(await queue.send(receipt)) == ["posted"]


async def test_a_code_that_was_used_at_another_till_is_not_good_again_offline(queue, till, make_device, later) -> None:
    device = await make_device()
    receipt = queue.receipt(device)
    assert (await till.identify(device.code())).status_code == 200
    await later(hours=1)
    await till.buy(device)
    assert said(await queue.send(receipt)) == ["code_used"]


async def test_a_code_of_more_than_seven_days_ago_is_too_old(queue, make_device, later) -> None:
    receipt = queue.receipt(await make_device())
    await later(days=7, seconds=1)
    assert said(await queue.send(receipt)) == ["code_old"]


async def test_a_till_whose_clock_is_nine_minutes_off_is_believed_and_one_eleven_minutes_off_is_not(
    queue, make_device, later
) -> None:
    await later(hours=1)
    devices = [await make_device() for _ in range(4)]
    receipts = [queue.receipt(device) for device in devices]
    now = queue.till.clock.now()
    for receipt, minutes in zip(receipts, (-9, 9, -11, 11), strict=True):
        receipt["scanned_at"] = receipt["purchase"]["at"] = (now + timedelta(minutes=minutes)).isoformat()
    await later(hours=1)
    assert said(await queue.send(*receipts)) == ["posted", "posted", "code_unknown", "code_unknown"]


async def test_a_basket_that_took_long_names_when_its_code_was_scanned(queue, make_device, later) -> None:
    receipt = queue.receipt(await make_device())
    scanned_at = receipt["purchase"]["at"]
    receipt["purchase"]["at"] = (queue.till.clock.now() + timedelta(minutes=25)).isoformat()
    await later(hours=2)
    assert said(await queue.send(receipt)) == ["code_unknown"]
    assert said(await queue.send({**receipt, "scanned_at": scanned_at})) == ["posted"]


async def test_a_device_that_was_signed_out_since_is_judged_as_it_was(queue, make_device, later, http) -> None:
    device = await make_device()
    before = queue.receipt(device)
    queue.till.clock.move(minutes=5)
    assert (await http.post("/v1/sign-out", headers=device.signed_in.headers)).status_code == 204
    queue.till.clock.move(minutes=20)
    after = queue.receipt(device)
    await later(hours=1)
    assert said(await queue.send(before, after)) == ["posted", "code_unknown"]


async def test_an_identification_made_before_the_network_went_is_good_in_the_queue(
    queue, till, make_device, later, make_staff, sign_in_staff
) -> None:
    found = [(await till.identify((await make_device()).code())).json()["identification"] for _ in range(2)]
    receipts = [
        {"key": f"k{n}", "purchase": till.basket(identification=identification)}
        for n, identification in enumerate(found)
    ]
    elsewhere = await sign_in_staff(await make_staff(store_id="jardins"))
    await later(hours=3)
    again = {**receipts[0], "key": "k9"}
    again["purchase"] = {**again["purchase"], "receipt_number": "another"}
    assert said(await queue.send(receipts[0], again)) == ["posted", "identification_expired"]
    till.headers = (await sign_in_staff(await make_staff(store_id="jardins"))).headers
    assert elsewhere
    receipts[1]["purchase"]["store_id"] = "jardins"
    assert said(await queue.send(receipts[1])) == ["identification_expired"]


async def test_a_basket_long_after_its_identification_is_refused(queue, till, make_device, later, clock) -> None:
    found = (await till.identify((await make_device()).code())).json()["identification"]
    late = till.basket(identification=found, at=(clock.now() + timedelta(minutes=16)).isoformat())
    await later(hours=3)
    assert said(await queue.send({"key": "k", "purchase": late})) == ["identification_expired"]


async def test_a_batch_holds_a_budget_exactly_beside_single_posts(
    queue, till, make_device, database, programme, clock
) -> None:
    await publish(
        database,
        programme.programme_id,
        clock.now(),
        campaign("flash", reward={"kind": "fixed", "value": 100}, limits={"total": 2_000}),
    )
    devices = [await make_device() for _ in range(40)]
    receipts = [queue.receipt(device, line(1_000)) for device in devices]
    singles = [till.post("purchases", each["purchase"], key=each["key"]) for each in receipts[30:]]
    sent = [queue.send(*receipts[begin : begin + 15]) for begin in (0, 15)]
    answers = await asyncio.gather(*sent, *singles)
    assert all(said(outcomes) == ["posted"] * 15 for outcomes in answers[:2])
    assert all(answer.status_code == 201 for answer in answers[2:])
    given = "select coalesce(sum(original), 0)::bigint from ledger.lot where campaign_id = 'flash'"
    assert await database.fetchval(given) == 2_000
    assert await database.fetchval("select sum(given)::bigint from ledger.budget") == 2_000


async def test_a_receipt_that_the_ledger_alone_refuses_spoils_no_other(
    queue, make_device, database, monkeypatch
) -> None:
    """As when another till posts a number between the look and the post."""

    async def none(*_: Any) -> set[str]:
        return set()

    taken = queue.receipt(await make_device(), receipt_number="T-taken")
    await queue.send(taken)
    monkeypatch.setattr("api.till.batch_repository.numbers_posted", none)
    receipts = [queue.receipt(await make_device()) for _ in range(3)]
    receipts[1]["purchase"]["receipt_number"] = "T-taken"
    assert said(await queue.send(*receipts)) == ["posted", "receipt_already_posted", "posted"]
    assert await count(database) == 3


async def test_the_same_key_singly_and_in_a_batch_at_once_posts_once(queue, till, make_device, database) -> None:
    receipts = [queue.receipt(await make_device(), line(1_000)) for _ in range(3)]
    singly = [till.post("purchases", each["purchase"], each["key"]) for each in receipts]
    outcomes, *answers = await asyncio.gather(queue.send(*receipts), *singly)
    assert set(said(outcomes)) <= {"posted", "replayed"}
    assert [answer.status_code for answer in answers] == [201] * 3
    assert [answer.json()["purchase_id"] for answer in answers] == [each["receipt"]["purchase_id"] for each in outcomes]
    assert await count(database) == 3


async def test_a_batch_of_more_than_a_chunk_is_posted_whole(queue, make_device, database) -> None:
    devices = [await make_device() for _ in range(5)]
    receipts = [queue.receipt(devices[n % 5], ago=30 * (n // 5)) for n in range(90)]
    assert said(await queue.send(*receipts)) == ["posted"] * 90
    again = [{**each, "purchase": {**each["purchase"]}} for each in receipts]
    fresh = [queue.receipt(device, ago=30 * n) for n in (18, 19) for device in devices]
    outcomes = await queue.send(*again, *fresh, *fresh)
    assert said(outcomes) == ["replayed"] * 90 + ["posted"] * 10 + ["replayed"] * 10
    assert await count(database) == 100


async def test_members_hear_of_their_receipts(queue, app, make_device) -> None:
    device = await make_device()
    with app.state.hub.subscribe(device.member.member_id, uuid4()) as stream:
        outcomes = await queue.send(queue.receipt(device))
        assert await anext(aiter(stream)) == outcomes[0]["receipt"]["wallet"]["version"]


@pytest.mark.parametrize("receipts", [[], "nothing", [{"key": "k"}]])
async def test_a_body_that_is_no_batch_is_refused(till, receipts) -> None:
    answer = await till.post("batches", {"receipts": receipts})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_a_batch_has_at_most_two_hundred_receipts(queue, till, make_device) -> None:
    receipt = queue.receipt(await make_device())
    answer = await till.post("batches", {"receipts": [{**receipt, "key": f"k{n}"} for n in range(201)]})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "receipts")


async def test_members_may_not_post_batches(http, make_device) -> None:
    device = await make_device()
    answer = await http.post("/v1/till/batches", json={"receipts": []}, headers=device.signed_in.headers)
    assert answer.status_code in (403, 422)
