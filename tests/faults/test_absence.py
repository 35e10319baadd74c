"""The database refuses, cuts or stalls: 503 with Retry-After, nothing by halves, and the API recovers by itself."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack, suppress
from uuid import uuid4

import asyncpg
import httpx

from tests.faults.crowd import crowd, is_unavailable
from tests.faults.house import House
from tests.faults.serving import is_well
from tests.support import shopping

POOL = 10
_CUT = """select pg_terminate_backend(pid) from pg_stat_activity
           where application_name like 'kierto%' and pid <> pg_backend_pid()"""


async def post(client: httpx.AsyncClient, house: House, sale) -> httpx.Response:
    headers = {**house.till.headers, "Idempotency-Key": sale.key}
    return await client.post("/v1/till/purchases", json=sale.body, headers=headers)


async def well_again(house: House) -> None:
    end = time.monotonic() + 10
    while not await asyncio.to_thread(is_well, house.url):
        assert time.monotonic() < end, "it does not recover"
        await asyncio.sleep(0.05)


async def test_connections_that_are_cut_lose_nothing(house: House, rng, rounds) -> None:
    async with crowd(house, rng, 2_000 * rounds(3)) as tills, house.owner() as owner:
        for _ in range(rounds(3)):
            await tills.more(rng.randint(5, 25))
            await asyncio.sleep(rng.random() * 0.03)
            assert await owner.fetch(_CUT)
            await tills.serving_after(time.monotonic())
    tills.says_when_unavailable()
    await tills.is_kept()


async def test_a_server_without_room_for_a_connection_is_unavailable(house: House, rng) -> None:
    sales = await house.sales(5, rng, redeem=0)
    async with httpx.AsyncClient(base_url=house.url, timeout=20) as client:
        async with AsyncExitStack() as stack:
            owner = await stack.enter_async_context(house.owner())
            while await owner.fetch(_CUT):  # a place that this frees may be the API's again: take all that there are
                with suppress(asyncpg.TooManyConnectionsError):
                    while True:  # the owner may take even the places that are kept for it
                        taken = await asyncpg.connect(house.connections.owner_dsn, timeout=10)
                        stack.push_async_callback(taken.close)
                        await taken.execute("begin")
            answers = await asyncio.gather(*(post(client, house, sale) for sale in sales))
            refusals = [answer for answer in answers if answer.status_code != 201]
            for answer in refusals:
                is_unavailable(answer)
            refused = await post(client, house, sales[0])
            is_unavailable(await client.get("/v1/health"))
            is_unavailable(refused)
            assert await house_posted(owner, sales) == len(answers) - len(refusals), "as it was told"
        await well_again(house)
        for sale in sales:
            assert (await post(client, house, sale)).status_code == 201
    assert len(await house.posted([sale.number for sale in sales])) == len(sales)
    await house.is_in_order()


async def house_posted(owner, sales) -> int:
    numbers = [sale.number for sale in sales]
    return await owner.fetchval("select count(*) from ledger.purchase where receipt_number = any($1)", numbers)


async def test_a_wallet_that_another_holds_is_unavailable_and_no_other_member_notices(house: House, rng) -> None:
    held = house.members[1]
    sales = await house.sales(2 * POOL, rng, member=1, redeem=0)
    others = await house.sales(3, rng, member=2, redeem=0)
    async with httpx.AsyncClient(base_url=house.url, timeout=30) as client, house.owner() as owner:
        async with owner.transaction():
            await owner.execute("select from ledger.wallet where member_id = $1 for update", held.member_id)
            waiting = [asyncio.create_task(post(client, house, sale)) for sale in sales]
            await asyncio.sleep(0.1)
            for sale in others:
                assert (await post(client, house, sale)).status_code == 201, "another member's receipt goes on"
            read = await client.get("/v1/me/changes", headers=house.phones[1].headers)
            assert read.status_code == 200, "and so does every reader"
            unanswered = sum(not task.done() for task in waiting)
            for answer in await asyncio.gather(*waiting):
                is_unavailable(answer)
            assert not await house_posted(owner, sales)
        assert unanswered == len(sales), "they were answered while the others were still waiting"
        for answer in await asyncio.gather(*(post(client, house, sale) for sale in sales)):
            assert answer.status_code == 201, answer.text
    assert len(await house.posted([sale.number for sale in sales])) == len(sales)
    await house.is_in_order()


async def test_refunds_of_a_wallet_that_another_holds_leave_the_others_their_connections(house: House, rng) -> None:
    sales = await house.sales(POOL, rng, member=1, redeem=0)
    [other] = await house.sales(1, rng, member=2, redeem=0)
    async with httpx.AsyncClient(base_url=house.url, timeout=30) as client, house.owner() as owner:
        bought = [(await post(client, house, sale)).json()["purchase_id"] for sale in sales]
        paths = [f"/v1/till/purchases/{each}/refunds" for each in bought]
        headers = [{**house.till.headers, "Idempotency-Key": str(uuid4())} for _ in paths]
        async with owner.transaction():
            member_id = house.members[1].member_id
            await owner.execute("select from ledger.wallet where member_id = $1 for update", member_id)
            asked = [
                asyncio.create_task(client.post(path, json={}, headers=header, params=params))
                for path, header in zip(paths, headers, strict=True)
                for params in ({}, {"preview": "true"})
            ]
            await asyncio.sleep(0.1)
            assert (await post(client, house, other)).status_code == 201
            assert not any(task.done() for task in asked), "it was answered while they were still waiting"
            for answer in await asyncio.gather(*asked):
                is_unavailable(answer)
        for path, header in zip(paths, headers, strict=True):
            assert (await client.post(path, json={}, headers=header)).status_code == 201
    assert all(row["refunds"] == 1 for row in (await house.posted([sale.number for sale in sales])).values())
    await house.is_in_order()


async def test_a_pool_that_is_exhausted_is_unavailable_and_recovers_by_itself(house: House, rng) -> None:
    [sale] = await house.sales(1, rng, redeem=0)
    async with httpx.AsyncClient(base_url=house.url, timeout=30) as client, house.owner() as owner:
        async with owner.transaction():
            await owner.execute("lock table ledger.wallet in access exclusive mode")
            readers = [
                client.get("/v1/me/changes", headers=house.phones[n % len(house.phones)].headers)
                for n in range(3 * POOL)
            ]
            refused = asyncio.create_task(post(client, house, sale))
            for answer in [*await asyncio.gather(*readers), await refused]:
                is_unavailable(answer)
            assert not await house_posted(owner, [sale])
        assert (await client.get("/v1/me/changes", headers=house.phones[0].headers)).status_code == 200
        assert (await post(client, house, sale)).status_code == 201
    await house.is_in_order()


async def test_a_lock_on_a_whole_table_stops_writes_and_not_reads(house: House, rng) -> None:
    [sale] = await house.sales(1, rng, redeem=0, lines=[shopping.line(2_000)])
    async with httpx.AsyncClient(base_url=house.url, timeout=30) as client, house.owner() as owner:
        async with owner.transaction():
            await owner.execute("lock table ledger.movement in share mode")
            refused, read = await asyncio.gather(
                post(client, house, sale), client.get("/v1/me/changes", headers=house.phones[0].headers)
            )
            is_unavailable(refused)
            assert read.status_code == 200
            assert not await house_posted(owner, [sale])
        assert (await post(client, house, sale)).status_code == 201
    await house.is_in_order()
