"""kill -9 of PostgreSQL under load: what was acknowledged stays, once, and the shop goes on by itself."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from contextlib import suppress

import asyncpg

from tests.faults.crowd import crowd
from tests.faults.house import House
from tests.faults.serving import children_of, ended, is_well, postmaster_of

WITHIN = 10.0
HOW = ("the server and all its processes", "the server alone", "one of its processes")


def kill_postgres(house: House, how: str, rng: random.Random) -> None:
    server = postmaster_of(house.serving.data_dir)
    children = children_of(server)
    victims = {HOW[0]: [server, *children], HOW[1]: [server], HOW[2]: [rng.choice(children)]}[how]
    for pid in victims:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


async def test_no_acknowledged_receipt_is_lost_or_doubled(house: House, rng, rounds) -> None:
    kills = rounds(2)
    order = rng.sample(HOW, 3) * (kills // 3 + 1)
    async with crowd(house, rng, 3_000 * kills) as tills:
        for how in order[:kills]:
            await tills.more(rng.randint(10, 60))
            await asyncio.sleep(rng.random() * 0.05)
            struck = time.monotonic()
            kill_postgres(house, how, rng)
            took = await tills.serving_after(struck)
            print(f"  killed {how}: a receipt was posted again after {took:.1f} s")
            assert took < WITHIN
    assert house.serving.is_alive, "the API itself ended"
    tills.says_when_unavailable()
    await tills.is_kept()


async def test_a_process_in_a_long_statement_does_not_hold_up_the_next_server(house: House) -> None:
    killed = postmaster_of(house.serving.data_dir)
    async with house.owner() as owner:
        pid = owner.get_server_pid()
        busy = asyncio.create_task(owner.execute("select count(*) from generate_series(1, 10000000000)"))
        await asyncio.sleep(0.1)
        struck = time.monotonic()
        os.kill(killed, signal.SIGKILL)
        try:
            while not (ended(killed) and ended(pid) and await asyncio.to_thread(is_well, house.url)):
                assert time.monotonic() - struck < WITHIN, "still waiting for a process of the killed server"
                await asyncio.sleep(0.05)
        finally:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                await busy
    print(f"  served again after {time.monotonic() - struck:.1f} s")
