"""A dump made by pg_dump while tills sell comes back whole in another database, verifies, and sells on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from api.commands.restored import begin_epoch
from api.database.connections import Connections
from api.database.embedded import API_ROLE, OWNER, installed_programs
from api.database.migrate import migrate
from api.database.pool import Database
from api.ledger.verify import verify
from tests.support.shopping import buy, campaign, line, publish


async def program(name: str, dsn: str, *options: str) -> None:
    """Run one of PostgreSQL's own programs against a database."""
    address = urlsplit(dsn)
    place = parse_qs(address.query)
    process = await asyncio.create_subprocess_exec(
        installed_programs() / name,
        *("-h", place["host"][0], "-p", place["port"][0], "-U", address.username or OWNER),
        *("-d", address.path.lstrip("/"), *options),
        stderr=asyncio.subprocess.PIPE,
    )
    said = (await process.communicate())[1].decode()
    assert process.returncode == 0, said


@pytest.fixture
async def elsewhere(postgres_server) -> AsyncIterator[Connections]:
    """An empty database."""
    admin = await asyncpg.connect(postgres_server.dsn(OWNER, "postgres"))
    await admin.execute("create database elsewhere template template0")
    yield Connections(postgres_server.dsn(OWNER, "elsewhere"), postgres_server.dsn(API_ROLE, "elsewhere"))
    await admin.execute("drop database elsewhere with (force)")
    await admin.close()


async def test_a_dump_taken_while_tills_sell_is_whole_and_sells_on(
    database, programme, clock, make_member, connections, elsewhere, tmp_path
) -> None:
    versions = [campaign(), campaign("points", reward={"kind": "points", "per": 100})]
    await publish(database, programme.programme_id, clock.now(), *versions)
    members = [await make_member() for _ in range(4)]
    under_way, over = asyncio.Semaphore(0), asyncio.Event()

    async def sell(member) -> None:
        while not over.is_set():
            await buy(database, member, clock.now(), [line(5_000)])
            under_way.release()

    sellers = [asyncio.create_task(sell(member)) for member in members]
    for _ in range(50):
        await under_way.acquire()
    file = str(tmp_path / "kierto.dump")
    await program("pg_dump", connections.owner_dsn, "--format=custom", f"--file={file}")
    over.set()
    await asyncio.gather(*sellers)

    await program("pg_restore", elsewhere.owner_dsn, "--exit-on-error", file)
    assert await migrate(elsewhere.owner_dsn) == [], "nothing is missing"
    restored = await Database.open(elsewhere)
    try:
        assert await begin_epoch(restored) == 1
        sold = await restored.fetchval("select count(*) from ledger.purchase")
        assert sold >= 50
        assert not (await whole(restored)).findings
        for member in members:
            await buy(restored, member, clock.move(minutes=1), [line(5_000)], redeem=100)
        found = await whole(restored)
        assert (found.purchases, found.findings) == (sold + 4, [])
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await restored.execute("update ledger.wallet set available = 1000000")
    finally:
        await restored.close()


async def whole(database: Database):
    """What `verify` finds."""
    async with database.connection() as connection:
        return await verify(connection)
