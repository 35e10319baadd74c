"""What a till told and gave without a network: what holds, what is the store's loss, and what is kept of it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from contract import member_code
from contract.till_kit import sign
from tests.support.shopping import campaign, line, publish

RULES = {"offline": {"spend_per_member": 300, "spend_per_till": 1_000}}


@pytest.fixture
async def queue(http, clock, database, make_staff, sign_in_staff, make_member, sign_in_member):
    from tests.support import people

    programme = await people.make_programme(database, clock, rules=RULES)
    await publish(database, programme.programme_id, clock.now(), campaign())
    staff = await make_staff(programme=programme)
    till = await sign_in_staff(staff)
    member = await make_member(programme=programme)
    return Queue(http, clock, till, member, await sign_in_member(member), staff, sign_in_staff, programme)


class Queue:
    """A till that queues signed receipts and then sends them."""

    def __init__(self, http, clock, till, member, phone, staff, sign_in, programme) -> None:
        self.http, self.clock, self.till, self.member, self.phone = http, clock, till, member, phone
        self.staff, self.sign_in, self.programme = staff, sign_in, programme

    async def kit(self, have: str = "") -> dict[str, Any]:
        answer = await self.http.get("/v1/till/kit", params={"have": have}, headers=self.till.headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def code(self) -> str:
        step = member_code.step_at(self.clock.now().timestamp())
        return member_code.make(self.member.member_number, self.phone.code_secret, step).text

    def receipt(
        self, kit: str, *, off: float = 0, told: int = 0, redeem: int = 0, price: int = 10_000, **mark: Any
    ) -> dict[str, Any]:
        key_id, secret = self.till.session.till_key.key_id, self.till.session.till_key.secret
        key = str(uuid4())
        at = self.clock.now() + timedelta(seconds=off)
        made: dict[str, Any] = {
            "key": key,
            "scanned_at": _said(at),
            "purchase": {
                "store_id": "centro",
                "at": _said(at),
                "receipt_number": key[:8],
                "lines": [line(price)],
                "code": self.code(),
                "redeem": redeem,
            },
            "offline": {"kit": kit, "told": told, "confirmed_at": _said(at), "key_id": key_id, **mark},
        }
        made["offline"]["mac"] = sign(made, secret)
        self.clock.move(seconds=31)
        return made

    async def send(self, *receipts: dict[str, Any]) -> list[dict[str, Any]]:
        answer = await self.http.post("/v1/till/batches", json={"receipts": list(receipts)}, headers=self.till.headers)
        assert answer.status_code == 200, answer.text
        return answer.json()["outcomes"]


def _said(at) -> str:
    return at.isoformat().replace("+00:00", "Z")


async def test_a_till_that_has_the_newest_kit_is_sent_nothing(queue, database, clock):
    first = await queue.kit()
    assert [each["campaign_id"] for each in first["kit"]["campaigns"]] == ["base"]
    assert first["kit"]["rules"]["offline"]["spend_per_member"] == 300
    assert (await queue.kit(first["version"]))["kit"] is None
    await publish(database, queue.programme.programme_id, clock.now(), campaign("more"))
    newer = await queue.kit(first["version"])
    assert [each["campaign_id"] for each in newer["kit"]["campaigns"]] == ["base", "more"]


async def test_a_signed_receipt_is_posted_once_and_kept_as_it_was_signed(queue, database):
    kit = await queue.kit()
    sent = queue.receipt(kit["version"], told=500)
    first, again = await queue.send(sent), await queue.send(sent)
    assert (first[0]["outcome"], again[0]["outcome"]) == ("posted", "replayed")
    assert first[0]["receipt"]["earned"]["amount"] == 500
    rows = await database.fetch("select * from queued_receipt")
    assert [(row["outcome"], row["shortfall"], row["earned"]) for row in rows] == [("posted", 0, 500)]
    assert json.loads(rows[0]["said"])["purchase"] == sent["purchase"]


async def test_a_receipt_that_was_changed_or_signed_by_nobody_is_refused_and_kept(queue, database):
    kit = await queue.kit()
    changed, foreign = queue.receipt(kit["version"]), queue.receipt(kit["version"], key_id=str(uuid4()))
    changed["purchase"]["lines"][0]["unit_price"] += 1
    outcomes = await queue.send(changed, foreign)
    assert [each["problem"]["code"] for each in outcomes] == ["signature_wrong"] * 2
    assert await database.fetchval("select count(*) from ledger.purchase") == 0
    codes = await database.fetch("select code from queued_receipt where outcome = 'refused'")
    assert [row["code"] for row in codes] == ["signature_wrong"] * 2


async def test_what_no_balance_covers_is_the_stores_loss_and_the_purchase_is_posted(
    queue, make_staff, sign_in_staff, http
):
    kit = await queue.kit()
    await queue.send(queue.receipt(kit["version"], price=4_000))  # earns 200
    outcome = (await queue.send(queue.receipt(kit["version"], redeem=300)))[0]
    assert outcome["outcome"] == "posted"
    assert outcome["receipt"]["redeemed"]["amount"] == 200
    assert outcome["shortfall"]["amount"] == 100
    manager = await sign_in_staff(await make_staff(role="manager", programme=queue.programme))
    risks = (await http.get("/v1/till/offline-risks", headers=manager.headers)).json()
    assert (risks["total"]["amount"], [each["shortfall"]["amount"] for each in risks["items"]]) == (100, [100])
    refused = await http.get("/v1/till/offline-risks", headers=queue.till.headers)
    assert refused.status_code == 403


async def test_a_balance_that_expired_a_moment_ago_covers_nothing_and_the_purchase_is_posted(queue, database, clock):
    ends = {"expiry": {"kind": "days", "days": 1}}
    await publish(database, queue.programme.programme_id, clock.now(), campaign("base", version=2, **ends))
    kit = (await queue.kit())["version"]
    await queue.send(queue.receipt(kit, price=4_000))  # earns 200, to the end of tomorrow
    clock.set(clock.now().replace(day=12, hour=3, minute=0, second=1))
    queue.till = await queue.sign_in(queue.staff)
    (outcome,) = await queue.send(queue.receipt(kit, redeem=200))
    assert outcome["outcome"] == "posted", outcome
    assert (outcome["receipt"]["redeemed"]["amount"], outcome["shortfall"]["amount"]) == (0, 200)


async def test_a_till_that_gave_more_than_the_limit_takes_no_more_than_that_from_the_member(queue):
    kit = await queue.kit()
    await queue.send(queue.receipt(kit["version"], price=100_000))  # earns 5000
    outcome = (await queue.send(queue.receipt(kit["version"], redeem=1_000)))[0]
    assert (outcome["receipt"]["redeemed"]["amount"], outcome["shortfall"]["amount"]) == (300, 700)


async def test_a_campaign_that_ended_meanwhile_is_honoured_as_the_till_had_told(queue, database, clock):
    from api.campaigns import service as campaigns

    kit = await queue.kit()
    told, untold = queue.receipt(kit["version"], told=500), queue.receipt(kit["version"], told=0)
    async with database.connection() as connection:
        await campaigns.set_campaign_state(connection, queue.programme.programme_id, "base", "ended")
    await queue.kit()
    outcomes = await queue.send(told, untold)
    assert [each["receipt"]["earned"]["amount"] for each in outcomes] == [500, 0]
    clock.move(hours=73)
    queue.till = await queue.sign_in(queue.staff)
    late = (await queue.send(queue.receipt(kit["version"], told=500)))[0]
    assert late["receipt"]["earned"]["amount"] == 0  # the kit was too old to sell by


async def test_a_code_that_the_till_itself_used_up_by_a_call_without_an_answer_is_its_to_use(queue, http):
    kit = await queue.kit()
    code, key = queue.code(), str(uuid4())
    headers = {**queue.till.headers, "Idempotency-Key": key}
    assert (await http.post("/v1/till/identify", json={"code": code}, headers=headers)).status_code == 200
    lost, stranger = queue.receipt(kit["version"], told=500, identify_key=key), None
    assert lost["purchase"]["code"] == code
    outcome = (await queue.send(lost))[0]
    assert outcome["outcome"] == "posted"
    stranger = json.loads(json.dumps(lost)) | {"key": str(uuid4())}
    stranger["purchase"]["receipt_number"] = "other"
    stranger["offline"]["mac"] = sign(stranger, queue.till.session.till_key.secret)
    assert (await queue.send(stranger))[0]["problem"]["code"] == "code_used"


async def test_a_bad_code_with_cashback_given_is_refused_and_shown_as_a_loss(queue, database):
    kit = await queue.kit()
    bad = queue.receipt(kit["version"], redeem=250)
    queue.clock.move(days=8)
    queue.till = await queue.sign_in(queue.staff)
    assert (await queue.send(bad))[0]["problem"]["code"] == "code_old"
    assert await database.fetchval("select shortfall from queued_receipt") == 250


@pytest.mark.parametrize("off", [-86_400 * 400, -3_600, 7_200])
async def test_a_till_whose_clock_was_wrong_is_believed_by_the_difference_that_it_found_since(queue, database, off):
    kit = await queue.kit()
    untold, told = queue.receipt(kit["version"], off=off), queue.receipt(kit["version"], off=off)
    outcomes = await queue.send(untold, told | {"clock_off": -off})
    assert [each["outcome"] for each in outcomes] == ["refused", "posted"]
    at = await database.fetchval("select at from ledger.purchase")
    assert abs((queue.clock.now() - at).total_seconds()) < 60
