"""Faults that users of another point of sale with a loyalty programme have reported: none of them is here."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg

from tests.api.till.test_offline_receipts import queue
from tests.support.shopping import campaign, line, publish

__all__ = ["queue"]
_STRANGERS = """
    with strangers as (insert into member (member_id, programme_id, member_number, name, joined_at)
        select gen_random_uuid(), $1, lpad((1000000000 + n)::text, 10, '0'), 'Stranger', now()
          from generate_series(1, 100000) n returning member_id, member_number)
    insert into member_number (member_number, programme_id, member_id)
        select member_number, $1, member_id from strangers"""
_READ = """
    select coalesce(sum(seq_tup_read), 0)::bigint as rows, coalesce(sum(idx_scan), 0)::bigint as looks
      from pg_stat_user_tables where relname in ('member', 'member_number', 'session', 'wallet', 'lot', 'purchase')"""


async def points_of(http, device) -> int:
    wallet = (await http.get("/v1/me/changes", headers=device.signed_in.headers)).json()["wallet"]
    return wallet["points"]["available"]["amount"]


async def test_points_are_not_doubled_by_a_retry(till, device, http, database, clock, programme) -> None:
    points = campaign("points", reward={"kind": "points", "points": 2, "per": 100})
    await publish(database, programme.programme_id, clock.now(), points)
    found = (await till.identify(device.code())).json()["identification"]
    body = till.basket(line(50_000), identification=found)
    answers = await asyncio.gather(*(till.post("purchases", body, key="again") for _ in range(5)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert await points_of(http, device) == 1_000


async def test_a_refund_does_not_keep_the_points(till, device, http, database, clock, programme) -> None:
    points = campaign("points", reward={"kind": "points", "points": 2, "per": 100})
    await publish(database, programme.programme_id, clock.now(), points)
    receipt = await till.buy(device, line(50_000))
    assert await points_of(http, device) == 1_000
    answer = await till.post(f"purchases/{receipt['purchase_id']}/refunds", {"reason": ""})
    assert answer.status_code == 201, answer.text
    assert await points_of(http, device) == 0


async def test_a_lookup_does_not_die_at_100_000_members(till, device, programme, connections) -> None:
    owner = await asyncpg.connect(connections.owner_dsn)
    try:
        await owner.execute(_STRANGERS, programme.programme_id)
        await owner.execute("analyze member, member_number")
        before = await owner.fetchrow(_READ)
        assert (await till.identify(device.code())).status_code == 200
        async with asyncio.timeout(30):  # a server tells what it has read about once a second
            while (after := await owner.fetchrow(_READ))["looks"] == before["looks"]:
                till.clock.move(seconds=31)
                assert (await till.identify(device.code())).status_code == 200
                await asyncio.sleep(0.05)
        assert after["rows"] - before["rows"] < 10_000, "it looked at the members one by one"
    finally:
        await owner.close()


async def test_what_is_sold_offline_is_not_posted_twice(queue, database) -> None:
    kit = (await queue.kit())["version"]
    receipts: list[dict[str, Any]] = [queue.receipt(kit), queue.receipt(kit)]
    outcomes = await asyncio.gather(*(queue.send(*receipts) for _ in range(4)), queue.send(*receipts, *receipts))
    assert {each["outcome"] for outcome in outcomes for each in outcome} == {"posted", "replayed"}
    assert await database.fetchval("select count(*) from ledger.purchase") == 2


async def test_a_scan_of_a_member_whom_the_till_has_never_seen_does_not_fail(
    queue, make_member, sign_in_member
) -> None:
    kit = (await queue.kit())["version"]
    stranger = await make_member(programme=queue.programme)
    queue.member, queue.phone = stranger, await sign_in_member(stranger)
    headers = {**queue.till.headers, "Idempotency-Key": str(uuid4())}
    online = await queue.http.post("/v1/till/identify", json={"code": queue.code()}, headers=headers)
    assert online.status_code == 200, online.text
    queue.clock.move(seconds=31)
    offline = await queue.send(queue.receipt(kit))
    assert offline[0]["outcome"] == "posted", "with no network its code names her, and the API knows her afterwards"
