"""A purchase that a check rejected is as if it had never been: caps, budgets, counts and tiers have it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from api.jobs.tiers import settle_tiers
from api.ledger.repository import RefundPosting, StaleRefund, post_refund
from api.ledger.verify import verify
from api.publishing.service import publish_ladder
from api.till import repository as sales
from api.till.refunds import sold_lines
from contract.refunds import refund_effect
from contract.tiers import LadderDraft
from tests.support.shopping import campaign, line, publish


@pytest.fixture
def reject(manager):
    """Reject what waits."""

    async def reject() -> None:
        (review,) = (await manager.get("/programme/reviews", state="open"))["items"]
        path = f"/programme/reviews/{review['review_id']}/decision"
        answer = await manager.call("POST", path, {"decision": "rejected"})
        assert answer.status_code == 200, answer.text

    return reject


@pytest.fixture(autouse=True)
async def the_ledger_stays_in_order(database):
    yield
    async with database.connection() as connection:
        assert not (await verify(connection)).findings


async def given(till, device, campaign_id: str, *lines: dict[str, Any]) -> int | str:
    """What a campaign would give her now, or why not."""
    found = (await till.identify(device.code())).json()["identification"]
    till.clock.move(seconds=31)
    quote = (await till.post("quotes", till.basket(*lines, identification=found))).json()["quote"]
    gave = {each["campaign_id"]: each["value"]["amount"] for each in quote["rewards"]}
    said = {each["campaign_id"]: each["code"] for each in quote["notes"]}
    return gave.get(campaign_id) or said[campaign_id]


async def test_a_rejected_purchase_gives_the_members_cap_and_the_budget_back_once(
    till, device, set_limits, look, reject, database, clock, programme
):
    await publish(
        database,
        programme.programme_id,
        clock.now(),
        campaign("treat", reward={"kind": "fixed", "value": 300}, limits={"per_member": 500, "total": 500}),
    )
    await set_limits(member_purchases_per_hour=1)
    await till.buy(device, line(1_000))
    found = (await till.identify(device.code())).json()["identification"]
    body = till.basket(line(1_000, quantity=2), identification=found)
    held = await till.post("purchases", body, key="held")
    clock.move(seconds=31)
    assert await look() == 1
    assert await given(till, device, "treat") == "used_up", "while it is being checked it counts"
    path = f"purchases/{held.json()['purchase_id']}/refunds"
    assert (await till.post(path, {"lines": [{"line": 0, "quantity": 1}]})).status_code == 201
    assert await given(till, device, "treat") == 100, "half of its 200 came back with the goods"

    await reject()
    assert await given(till, device, "treat") == 200, "and the rest with the rejection, none of it twice"
    assert await database.fetchval("select sum(given)::bigint from ledger.budget") == 300

    again = await till.post("purchases", body, key="held")
    assert (again.status_code, again.content) == (201, held.content), "a retry is told what it was told"
    batch = {"receipts": [{"key": "held", "purchase": body}]}
    (outcome,) = (await till.post("batches", batch)).json()["outcomes"]
    assert outcome["outcome"] == "replayed"
    assert (await till.post(path, {})).json()["refund"]["clawed_back"]["amount"] == 0
    assert await given(till, device, "treat") == 200, "and neither a retry nor another refund changes a count"
    assert await database.fetchval("select sum(given)::bigint from ledger.budget") == 300
    (outcome,) = (
        await till.post("batches", {"receipts": [{"key": "new", "purchase": till.basket(code=device.code())}]})
    ).json()["outcomes"]
    assert outcome["receipt"]["earned"]["amount"] == 700, "a till's queue is told the same: 500 and 200"


async def test_a_rejected_purchase_is_no_purchase_of_hers_and_still_counts_as_too_many(
    till, device, set_limits, look, reject, database, clock, programme
):
    only = {"reward": {"kind": "fixed", "value": 100}}
    await publish(
        database,
        programme.programme_id,
        clock.now(),
        campaign("second", who=[{"kind": "nth_purchase", "n": 2}], **only),
        campaign("drinker", who=[{"kind": "favourite", "any_of": ["drinks"]}], **only),
    )
    await set_limits(member_purchases_per_hour=1)
    await till.buy(device, line(1_000, category=""))
    await till.buy(device, line(1_000, category="drinks"))
    assert await look() == 1
    assert await given(till, device, "second") == "other_member", "it would be her third"
    assert await given(till, device, "drinker") == 100
    await reject()
    assert await given(till, device, "second") == 100, "it is her second"
    assert await given(till, device, "drinker") == "other_member"
    await till.buy(device)
    assert await look() == 1, "what was refused is what the limit is for"


async def test_a_tier_counts_nothing_of_a_rejected_purchase(
    till, device, set_limits, look, reject, database, clock, programme
):
    tiers = [{"tier": "bronze", "name": {"en": "Bronze"}, "threshold": 0}]
    tiers.append({"tier": "gold", "name": {"en": "Gold"}, "threshold": 1_000})
    async with database.transaction() as connection:
        draft = LadderDraft.model_validate({"tiers": tiers})
        await publish_ladder(connection, programme.programme_id, draft, clock.now())
    await set_limits(member_purchases_per_hour=1)
    await till.buy(device, line(500))
    await till.buy(device, line(30_000))
    counted = "select counted from member_tier where member_id = $1"
    assert await database.fetchval(counted, device.member.member_id) == 30_500
    await look()
    await reject()
    await settle_tiers(database, None, clock.now())
    assert await database.fetchval(counted, device.member.member_id) == 500


async def test_a_refund_that_was_worked_out_before_a_rejection_takes_nothing_twice(
    till, device, set_limits, look, reject, database, clock, wallet_of
):
    await set_limits(member_purchases_per_hour=1)
    await till.buy(device)
    bought = UUID((await till.buy(device))["purchase_id"])
    await look()
    async with database.connection() as connection:
        row = await sales.sold(connection, device.member.member_id, bought)
        assert row is not None
        posting = RefundPosting(
            claim=None,
            member_id=device.member.member_id,
            purchase_id=bought,
            refund_id=bought,
            refunds_seen=0,
            staff_id=None,
            session_id=None,
            reason="",
            effect=refund_effect(sold_lines(row), 0, {0: 1}),
        )
        await reject()
        with pytest.raises(StaleRefund):
            await post_refund(connection, posting, clock.now())
    refund = (await till.post(f"purchases/{bought}/refunds", {})).json()["refund"]
    assert (refund["amount"]["amount"], refund["clawed_back"]["amount"]) == (10_000, 0)
    assert await wallet_of(device) == (0, 500, 0)
