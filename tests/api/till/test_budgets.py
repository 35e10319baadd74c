"""A budget and a member's cap give exactly what they allow, however many ask at once, and the rest are told so."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from api.core.ids import new_id
from api.ledger.verify import verify
from tests.support.shopping import campaign, line, publish


@pytest.fixture
async def identified(database, till, clock):
    """Identify a member as a scan does, for as many purchases as a test wants to send at once."""
    session_id = await database.fetchval("select session_id from session where kind = 'staff'")

    async def make(member) -> str:
        identification = new_id(clock.now())
        await database.execute(
            """insert into identification (identification_id, programme_id, member_id, session_id, can_spend, key,
                                           fingerprint, created_at, expires_at)
               values ($1, $2, $3, $4, true, $5, '', $6, $7)""",
            identification,
            member.programme_id,
            member.member_id,
            session_id,
            str(uuid4()),
            clock.now(),
            clock.now() + timedelta(minutes=5),
        )
        return str(identification)

    return make


async def given(database, campaign_id: str) -> int:
    return await database.fetchval(
        "select coalesce(sum(original), 0)::bigint from ledger.lot where campaign_id = $1", campaign_id
    )


async def test_two_hundred_receipts_against_a_budget_for_fifty(
    till, database, clock, programme, make_member, identified
) -> None:
    await publish(
        database,
        programme.programme_id,
        clock.now(),
        campaign("flash", reward={"kind": "fixed", "value": 100}, limits={"total": 5_000}),
    )
    members = [await make_member() for _ in range(40)]
    bodies = [till.basket(line(1_000), identification=await identified(members[n % 40])) for n in range(200)]
    answers = await asyncio.gather(*[till.post("purchases", body) for body in bodies])
    assert {answer.status_code for answer in answers} == {201}
    assert await given(database, "flash") == 5_000
    assert await database.fetchval("select sum(given)::bigint from ledger.budget") == 5_000
    got = [answer for answer in answers if answer.json()["earned"]["amount"] == 150]
    assert len(got) == 50
    for answer in answers:
        codes = {reason["code"] for entry in answer.json()["lines"] for reason in entry["why"]}
        assert ("fixed" in codes) == (answer in got)
        assert ("used_up" in codes) == (answer not in got)
    async with database.connection() as connection:
        assert not (await verify(connection)).findings


async def test_the_last_of_a_budget_is_given_in_part_and_says_that_it_was_capped(
    till, database, clock, programme, make_member, identified
) -> None:
    await publish(
        database,
        programme.programme_id,
        clock.now(),
        campaign("flash", reward={"kind": "fixed", "value": 400}, limits={"total": 1_000}),
    )
    members = [await make_member() for _ in range(8)]
    bodies = [till.basket(line(1_000), identification=await identified(member)) for member in members]
    answers = await asyncio.gather(*[till.post("purchases", body) for body in bodies])
    assert sorted(answer.json()["earned"]["amount"] for answer in answers) == [50] * 5 + [250, 450, 450]
    part = next(answer.json() for answer in answers if answer.json()["earned"]["amount"] == 250)
    reason = next(reason for reason in part["lines"][0]["why"] if reason["campaign_id"] == "flash")
    assert (reason["value"]["amount"], reason["desired_value"]["amount"], reason["capped_by"]) == (
        200,
        400,
        "capped_budget",
    )


async def test_a_members_cap_holds_when_all_her_receipts_come_at_once(
    till, database, clock, programme, device, identified, wallet_of
) -> None:
    await publish(
        database,
        programme.programme_id,
        clock.now(),
        campaign("base", version=2, limits={"per_member": 1_200}),
    )
    bodies = [till.basket(identification=await identified(device.member)) for _ in range(20)]
    answers = await asyncio.gather(*[till.post("purchases", body) for body in bodies])
    assert {answer.status_code for answer in answers} == {201}
    assert sorted((a.json()["earned"]["amount"] for a in answers), reverse=True)[:4] == [500, 500, 200, 0]
    assert await wallet_of(device) == (0, 1_200, 0)


async def test_a_refund_gives_its_part_of_the_budget_back(till, database, clock, programme, device) -> None:
    await publish(
        database,
        programme.programme_id,
        clock.now(),
        campaign("flash", reward={"kind": "fixed", "value": 100}, limits={"total": 100}),
    )
    receipt = await till.buy(device)
    assert receipt["earned"]["amount"] == 600
    assert (await till.buy(device))["earned"]["amount"] == 500
    await till.post(f"purchases/{UUID(receipt['purchase_id'])}/refunds", {})
    assert (await till.buy(device))["earned"]["amount"] == 600
