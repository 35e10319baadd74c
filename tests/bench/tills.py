"""A busy Saturday: 50 tills against one API, and a store that comes back with 2,000 receipts beside them."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Iterator
from statistics import quantiles
from urllib.parse import urlsplit

from tests.bench.chain import Chain, make_chain, number_id
from tests.bench.figures import Figure, measure
from tests.bench.load import drive, request
from tests.bench.servers import Served, api_server
from tests.bench.stage import Stage

_TILLS = 50
_PAUSE = 4.0
"""Seconds between two sales of one till: a queue that never ends."""
_QUEUED, _EACH = 2_000, 100


@measure("tills")
async def busy_tills(stage: Stage) -> list[Figure]:
    """How long a cashier waits for a quote and for a confirm; the second time while a store empties its queue."""
    seconds = 6.0 if stage.quick else 24.0
    sales = int(_TILLS * seconds / _PAUSE * 2)
    async with stage.database("tills") as connections:
        chain = await make_chain(connections, tills=_TILLS + 1)
        await chain.scan(0, (2 * sales + _QUEUED) * chain.tills)
        async with api_server(connections.owner_dsn) as served:
            await _selling(chain, served, 0, seconds / 4)
            alone = await _selling(chain, served, sales // 2, seconds)
            beside, (_, took) = await asyncio.gather(
                _selling(chain, served, sales + sales // 2, seconds),
                drive(served.url, _queue(chain, 2 * sales), status=200, clients=1, seconds=120),
            )
    calm, loaded = _waits(alone), _waits(beside)
    note = f"alone p50 {calm[0]:.0f}, p95 {calm[1]:.0f}, p99 {calm[2]:.0f} ms; beside the queue p50 {loaded[0]:.0f}"
    sold = f"{len(alone)} sales, {len(alone) / seconds:.0f}/s; {_QUEUED:,} queued receipts took {took:.1f} s"
    return [
        Figure(f"a confirm, {_TILLS} tills, p50", calm[0], "ms", better="less", note=sold),
        Figure(f"a confirm, {_TILLS} tills, p95", calm[1], "ms", better="less"),
        Figure(f"a confirm, {_TILLS} tills, p99", calm[2], "ms", better="less"),
        Figure("a confirm beside a store's queue, p95", loaded[1], "ms", better="less", note=note),
        Figure("a confirm beside a store's queue, p99", loaded[2], "ms", better="less"),
    ]


async def _selling(chain: Chain, served: Served, begin: int, seconds: float) -> list[float]:
    """All tills but the last sell for so long, from its `begin`-th scan on; seconds that each confirm took."""
    until = time.perf_counter() + seconds
    waits = await asyncio.gather(*(_till(chain, served, till, begin, until) for till in range(_TILLS)))
    return [each for till in waits for each in till]


async def _till(chain: Chain, served: Served, till: int, begin: int, until: float) -> list[float]:
    chance = random.Random(till)  # noqa: S311 - when a customer comes
    address = urlsplit(served.url)
    waits: list[float] = []
    await asyncio.sleep(chance.random() * _PAUSE)
    sale = begin
    while time.perf_counter() < until:
        number = sale * chain.tills + till
        identification = str(number_id("i", number))
        basket = {**chain.basket(f"T-{number:08d}"), "identification": identification}
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        await _ask(reader, writer, _post(chain, till, "quotes", basket), b"200")
        began = time.perf_counter()
        await _ask(reader, writer, _post(chain, till, "purchases", basket, identification), b"201")
        waits.append(time.perf_counter() - began)
        writer.close()
        sale += 1
        await asyncio.sleep(chance.uniform(0.5, 1.5) * _PAUSE)
    return waits


def _post(chain: Chain, till: int, what: str, body: dict[str, object], key: str | None = None) -> bytes:
    headers = chain.till_headers(till) | ({} if key is None else {"Idempotency-Key": key})
    return request("POST", f"/v1/till/{what}", headers, json.dumps(body).encode())


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: bytes, status: bytes) -> None:
    writer.write(asked)
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length: "))
    body = await reader.readexactly(int(length.removeprefix(b"content-length: ")))
    if not head.startswith(status, 9):
        raise RuntimeError((head + body).decode(errors="replace"))


def _queue(chain: Chain, begin: int) -> Iterator[bytes]:
    """What the last till has queued, a hundred to a request."""
    till = chain.tills - 1
    numbers = [(begin + each) * chain.tills + till for each in range(_QUEUED)]
    for first in range(0, _QUEUED, _EACH):
        receipts = [
            {"key": str(number_id("i", n)), "purchase": {**chain.basket(f"Q-{n:08d}"), "identification": _scan(n)}}
            for n in numbers[first : first + _EACH]
        ]
        yield request("POST", "/v1/till/batches", chain.till_headers(till), json.dumps({"receipts": receipts}).encode())


def _scan(number: int) -> str:
    return str(number_id("i", number))


def _waits(seconds: list[float]) -> tuple[float, float, float]:
    """p50, p95 and p99 in milliseconds."""
    cuts = quantiles((each * 1000 for each in seconds), n=100)
    return cuts[49], cuts[94], cuts[98]
