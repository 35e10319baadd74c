"""A full disk and a read-only database: nothing is acknowledged, reads go on, and all is well once there is room."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from pathlib import Path

import asyncpg
import httpx
import pytest

from tests.faults.crowd import is_unavailable
from tests.faults.house import House, Sale, open_house
from tests.faults.serving import Serving
from tests.support import shopping

SIZE = "160m"
_LONG = [shopping.line(1_000, name="x" * 200) for _ in range(100)]


@pytest.fixture(scope="module")
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of its own that is soon full."""
    place = folder / "small-disk"
    place.mkdir()
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        pytest.skip("only root may mount the small disk that this test fills")
    done = subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(place)], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


@pytest.fixture
def full(small_disk: Path) -> Iterator[Callable[[], Callable[[], None]]]:
    """`make_room = full()`: not a byte is left until room is made."""
    yield lambda: partial(fill(small_disk).unlink, missing_ok=True)
    (small_disk / "ballast").unlink(missing_ok=True)


@pytest.fixture(scope="module")
async def cramped(small_disk: Path) -> AsyncIterator[House]:
    """A shop whose whole data stands on the small disk."""
    serving = Serving(small_disk / "data")
    try:
        serving.start()
        async with open_house(serving, serving.connections(), members=3) as house:
            yield house
    finally:
        serving.stop()


def fill(place: Path) -> Path:
    """Leave not a byte."""
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while file.write(b"\0" * size):
                    pass
            except OSError as error:
                assert error.errno == errno.ENOSPC  # noqa: PT017
    return ballast


async def post(client: httpx.AsyncClient, house: House, sale: Sale) -> httpx.Response:
    headers = {**house.till.headers, "Idempotency-Key": sale.key}
    return await client.post("/v1/till/purchases", json=sale.body, headers=headers)


async def post_until_unavailable(client: httpx.AsyncClient, house: House, sales: list[Sale]) -> list[Sale]:
    """Those that were acknowledged before the first that was not."""
    for n, sale in enumerate(sales):
        answer = await post(client, house, sale)
        if answer.status_code != 201:
            is_unavailable(answer)
            return sales[:n]
    pytest.fail("the disk was not full")


async def acknowledged_in_the_end(client: httpx.AsyncClient, house: House, sales: list[Sale]) -> None:
    """Post each until its 201, for a while."""
    end = time.monotonic() + 30
    for sale in sales:
        while (answer := await post(client, house, sale)).status_code != 201:
            is_unavailable(answer)
            assert time.monotonic() < end, "it does not recover"
            await asyncio.sleep(0.1)


async def can_read(client: httpx.AsyncClient, house: House) -> None:
    for path in ("/v1/me/changes", "/v1/me/purchases", "/v1/me/offers", "/v1/me"):
        answer = await client.get(path, headers=house.phones[0].headers)
        assert answer.status_code == 200, f"{path}: {answer.text}"
    listed = await client.get("/v1/till/purchases", headers=house.till.headers)
    assert listed.status_code == 200, listed.text


async def test_a_full_disk_takes_no_receipt_and_still_reads(cramped: House, full, rng) -> None:
    sales = await cramped.sales(200, rng, redeem=0, lines=_LONG)
    async with httpx.AsyncClient(base_url=cramped.url, timeout=20) as client:
        make_room = full()
        kept = await post_until_unavailable(client, cramped, sales)
        print(f"  {len(kept)} receipts still found room")
        is_unavailable(await post(client, cramped, sales[len(kept)]))
        await can_read(client, cramped)
        assert set(await cramped.posted([sale.number for sale in sales])) == {sale.number for sale in kept}

        make_room()
        await acknowledged_in_the_end(client, cramped, sales[: len(kept) + 3])
    assert len(await cramped.posted([sale.number for sale in sales])) == len(kept) + 3
    await cramped.is_in_order()


async def test_a_disk_too_full_for_the_write_ahead_log_stops_all_and_loses_nothing(cramped: House, full, rng) -> None:
    sales = await cramped.sales(30, rng, redeem=0)
    async with httpx.AsyncClient(base_url=cramped.url, timeout=20) as client:
        await acknowledged_in_the_end(client, cramped, sales[:5])
        async with cramped.owner() as owner:
            make_room = full()
            with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):  # it cannot write its log
                await owner.execute(
                    "select count(pg_logical_emit_message(false, 'filler', repeat('x', 1000000)))"
                    " from generate_series(1, 50)"
                )
        for sale in sales[5:10]:
            is_unavailable(await post(client, cramped, sale))
        make_room()
        struck = time.monotonic()
        await acknowledged_in_the_end(client, cramped, sales[5:10])
        print(f"  served again {time.monotonic() - struck:.1f} s after there was room")
    assert cramped.serving.is_alive
    assert set(await cramped.posted([sale.number for sale in sales])) == {sale.number for sale in sales[:10]}
    await cramped.is_in_order()


async def test_a_read_only_database_takes_no_receipt_and_still_reads(house: House, rng) -> None:
    sales = await house.sales(12, rng, redeem=0)
    async with httpx.AsyncClient(base_url=house.url, timeout=20) as client, house.owner() as owner:

        async def read_only(how: str) -> None:
            await owner.execute("set default_transaction_read_only = off")
            await owner.execute(f"alter database kierto {how}")
            await owner.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'kierto'"
                if how.startswith("set")
                else "select 1"  # nobody cuts the connections when the database may be written again
            )

        try:
            await read_only("set default_transaction_read_only = on")
            for answer in await asyncio.gather(*(post(client, house, sale) for sale in sales)):
                is_unavailable(answer)
            is_unavailable(await post(client, house, sales[0]))
            await can_read(client, house)
            assert not await house.posted([sale.number for sale in sales])
        finally:
            await read_only("reset default_transaction_read_only")
        await acknowledged_in_the_end(client, house, sales)
    assert len(await house.posted([sale.number for sale in sales])) == len(sales)
    await house.is_in_order()
