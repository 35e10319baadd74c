"""kill -9 of the API: the retry gets the receipt that was committed, and the next start takes over what was left."""

from __future__ import annotations

import asyncio
import signal
import time

import httpx
import pytest

from tests.faults.crowd import crowd
from tests.faults.house import House, open_house
from tests.faults.serving import ended, postmaster_of

DYING = ("-m", "tests.faults.dying_api")


async def test_a_retry_after_a_death_between_commit_and_answer_gets_the_same_receipt(
    serve, connections, rng, rounds
) -> None:
    serving = serve(*DYING)
    async with open_house(serving, connections, members=2) as house:
        for _ in range(rounds(1)):
            serving.kill()
            dies_at = rng.randint(1, 6)
            serving.start(DIES_AT=str(dies_at))
            sales = await house.sales(dies_at, rng, redeem=0)
            async with httpx.AsyncClient(base_url=house.url, timeout=20) as client:
                headers = [{**house.till.headers, "Idempotency-Key": sale.key} for sale in sales]
                for sale, header in zip(sales[:-1], headers, strict=False):
                    assert (await client.post("/v1/till/purchases", json=sale.body, headers=header)).status_code == 201
                with pytest.raises(httpx.TransportError):
                    await client.post("/v1/till/purchases", json=sales[-1].body, headers=headers[-1])
            assert serving.wait(10) == -signal.SIGKILL
            committed = await house.posted([sale.number for sale in sales])
            assert len(committed) == dies_at, "it was to die after the commit"

            serving.start()
            async with httpx.AsyncClient(base_url=house.url, timeout=20) as client:
                answers = [
                    await client.post("/v1/till/purchases", json=sales[-1].body, headers=headers[-1]) for _ in range(2)
                ]
            assert [answer.status_code for answer in answers] == [201, 201]
            assert answers[0].content == answers[1].content
            assert {answer.headers.get("Idempotent-Replayed") for answer in answers} == {"true"}
            assert answers[0].json()["purchase_id"] == committed[sales[-1].number]["purchase_id"]
            assert await house.posted([sale.number for sale in sales]) == committed
        await house.is_in_order()


async def test_answers_lost_on_the_way_are_given_again(house: House, rng) -> None:
    sales = await house.sales(12, rng, redeem=0)
    host, port = house.url.removeprefix("http://").split(":")
    for sale in sales:  # the till hangs up as soon as it has asked
        request = httpx.Request(
            "POST",
            f"{house.url}/v1/till/purchases",
            json=sale.body,
            headers={**house.till.headers, "Idempotency-Key": sale.key},
        )
        head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"POST /v1/till/purchases HTTP/1.1\r\n{head}\r\n".encode() + request.content)
        await writer.drain()
        await asyncio.sleep(rng.random() * 0.03)
        writer.transport.abort()
    async with httpx.AsyncClient(base_url=house.url, timeout=20) as client:
        for sale in sales:
            headers = {**house.till.headers, "Idempotency-Key": sale.key}
            answers = [await client.post("/v1/till/purchases", json=sale.body, headers=headers) for _ in range(2)]
            assert [answer.status_code for answer in answers] == [201, 201]
            assert answers[0].content == answers[1].content
            assert answers[1].headers["Idempotent-Replayed"] == "true"
    assert len(await house.posted([sale.number for sale in sales])) == len(sales)
    await house.is_in_order()


async def test_the_next_start_takes_over_from_a_killed_one(house: House, rng, rounds) -> None:
    kills = rounds(1)
    async with crowd(house, rng, 2_000 * kills) as tills:
        for _ in range(kills):
            await tills.more(rng.randint(10, 60))
            left_behind = postmaster_of(house.serving.data_dir)
            house.serving.kill()
            struck = time.monotonic()
            await asyncio.to_thread(house.serving.start)
            took = await tills.serving_after(struck)
            print(f"  killed the API: a receipt was posted again after {took:.1f} s, starting included")
            assert ended(left_behind)
    await tills.is_kept()
