"""Several API processes: one key is one receipt, a balance is spent once, and no process outlives its place."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from api.database.processes import wait_until
from tests.faults.crowd import crowd
from tests.faults.house import House
from tests.faults.serving import Serving, children_of, processes_of
from tests.support import shopping

AT_ONCE = 50


async def all_at_once(house: House, servings: list[Serving], sales) -> list[httpx.Response]:
    """Post all of it at the same moment, spread over the processes."""
    async with httpx.AsyncClient(timeout=30, limits=httpx.Limits(max_connections=AT_ONCE)) as client:
        return await asyncio.gather(
            *(
                client.post(
                    f"{servings[n % len(servings)].url}/v1/till/purchases",
                    json=sale.body,
                    headers={**house.till.headers, "Idempotency-Key": sale.key},
                )
                for n, sale in enumerate(sales)
            )
        )


async def test_fifty_equal_keys_at_once_are_one_receipt(house: House, workers: Serving, rng) -> None:
    [sale] = await house.sales(1, rng, redeem=0)
    answers = await all_at_once(house, [house.serving, workers], [sale] * AT_ONCE)
    assert Counter(answer.status_code for answer in answers) == {201: AT_ONCE}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) == 1
    assert len(await house.posted([sale.number])) == 1
    await house.is_in_order()


async def test_of_fifty_redemptions_at_once_as_many_pass_as_the_balance_covers(
    house: House, workers: Serving, rng
) -> None:
    member = house.members[0]
    servings = [house.serving, workers]
    fill = await house.sales(1, rng, member=0, redeem=0, lines=[shopping.line(10_000)])
    assert (await all_at_once(house, servings, fill))[0].status_code == 201
    before = (await house.wallet(member))["available"]
    passing = rng.randint(3, 9)
    part = before // passing
    gift_card = [shopping.line(before, category="giftcard")]  # earns nothing
    sales = await house.sales(AT_ONCE, rng, member=0, redeem=part, lines=gift_card)
    answers = await all_at_once(house, servings, sales)
    covered = before // part
    assert Counter(answer.status_code for answer in answers) == {201: covered, 422: AT_ONCE - covered}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 422} == {"redeem_over_balance"}
    assert (await house.wallet(member))["available"] == before - covered * part
    assert len(await house.posted([sale.number for sale in sales])) == covered
    await house.is_in_order()


async def test_a_killed_worker_is_replaced_and_workers_end_with_their_killed_parent(
    house: House, workers: Serving, rng
) -> None:
    def serving() -> list[int]:
        return [pid for pid in children_of(workers.pid) if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]

    before = serving()
    assert len(before) == 2
    async with crowd(replace(house, serving=workers), rng, 500, tills=4) as tills:
        await tills.more(5)
        os.kill(rng.choice(before), signal.SIGKILL)
        await tills.serving_after(time.monotonic())
        assert await asyncio.to_thread(wait_until, lambda: len(serving()) == 2 and serving() != before, 60)
    await tills.is_kept()

    workers.kill()
    alone = await asyncio.to_thread(wait_until, lambda: not processes_of(str(workers.data_dir)), 60)
    assert alone, "workers outlived their parent"
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", urlsplit(workers.url).port or 0))
