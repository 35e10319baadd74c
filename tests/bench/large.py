"""A large ledger: do an open app's reads keep their times among a million wallets, and how fast is it verified?"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import asyncpg

from api.core.security import MemberSession
from api.database.connections import Connections
from api.database.pool import prepare_connection
from api.ledger.verify import verify
from tests.bench.chain import bearer
from tests.bench.figures import Figure, measure
from tests.bench.load import request
from tests.bench.pairs import in_turns
from tests.bench.scale import load, member_id
from tests.bench.servers import api_server
from tests.bench.stage import Stage, execute

_FEW, _MANY, _QUICK = 1_000, 1_000_000, 20_000
_EACH = 10
"""Movements of a wallet."""
_READS = {
    "the wallet": "/v1/me",
    "all changes": "/v1/me/changes",
    "purchases": "/v1/me/purchases",
    "the statement": "/v1/me/statement",
}


@measure("large")
async def large_ledger(stage: Stage) -> list[Figure]:
    """Reads of random members of a million with ten movements each, beside those of a thousand; then `verify`."""
    many = _QUICK if stage.quick else _MANY
    now = datetime.now(UTC)
    async with stage.database("little") as small, stage.database("large") as large:
        of_few = await _loaded(small, _FEW, now)
        began = time.perf_counter()
        of_many = await _loaded(large, many, now)
        loaded = time.perf_counter() - began
        figures = [Figure(f"loading {many * _EACH:,} movements", loaded, "s", better="less")]
        async with api_server(large.owner_dsn) as among_many, api_server(small.owner_dsn) as among_few:
            for name, path in _READS.items():
                ours = stage.http(among_many, _asking(path, many, of_many))
                other = stage.http(among_few, _asking(path, _FEW, of_few))
                pair = await in_turns(ours, other, stage.rounds)
                note = pair.note(f"{many:,} wallets", f"{_FEW:,}")
                unit = f"x among {_FEW:,}"
                figures.append(Figure(f"reading {name} among {many:,} wallets", pair.rate, unit, 0.8, 0.95, note=note))
        figures.append(await _verified(large))
    return figures


async def _loaded(connections: Connections, members: int, now: datetime) -> UUID:
    """A ledger in which every wallet has ten movements; its programme."""
    owner = await asyncpg.connect(connections.owner_dsn)
    try:
        await prepare_connection(owner)
        await load(owner, members, members * _EACH, now)
        found: UUID = await owner.fetchval("select programme_id from programme")
    finally:
        await owner.close()
    await execute(connections.owner_dsn, "checkpoint")
    return found


def _asking(path: str, members: int, programme_id: UUID) -> Iterator[bytes]:
    """Requests of random members, the same in each run. A token lasts for less than the load does."""
    chosen = random.Random(1)  # noqa: S311
    while True:
        member = member_id(chosen.randrange(members))
        yield request("GET", path, bearer(MemberSession(member, programme_id, member), datetime.now(UTC)))


async def _verified(connections: Connections) -> Figure:
    """How many movements a second `verify` checks, over two connections; the ledger must be in order."""
    owner, another = await asyncpg.connect(connections.owner_dsn), await asyncpg.connect(connections.owner_dsn)
    try:
        await prepare_connection(owner)
        began = time.perf_counter()
        found = await verify(owner, another)
        took = time.perf_counter() - began
    finally:
        await another.close()
        await owner.close()
    if found.findings:
        raise RuntimeError(f"not in order: {found.findings}")
    slow = sorted(found.seconds.items(), key=lambda each: -each[1])[:3]
    note = f"{found.wallets:,} wallets in {took:.0f} s; " + ", ".join(f"{rule}: {s:.0f} s" for rule, s in slow)
    return Figure("verify", found.movements / took, "movements a second", note=note)
