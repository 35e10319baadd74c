"""A backup is restored: no device goes on from a time that is no more."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import urlsplit

import asyncpg
import pytest

from api.commands.restored import begin_epoch
from api.database.embedded import OWNER
from tests.support import shopping
from tests.support.phone import Phone, make_phone

__all__ = ["make_phone"]
Step = Callable[[], Awaitable[None]]


@pytest.fixture
async def backup(postgres_server, connections, http) -> AsyncIterator[tuple[Step, Step]]:
    """`take, restore`: a copy of the whole database, and the database from that copy, under the running API."""
    name = urlsplit(connections.owner_dsn).path.lstrip("/")
    admin = await asyncpg.connect(postgres_server.dsn(OWNER, "postgres"))

    async def copy(source: str, target: str) -> None:
        await admin.execute(f"drop database if exists {target} with (force)")
        await admin.execute(f"alter database {source} with allow_connections false")
        await admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", source)
        await admin.execute(f"create database {target} template {source} strategy file_copy")
        await admin.execute(f"alter database {source} with allow_connections true")
        while (await http.get("/v1/health")).status_code != 200:
            pass

    try:
        yield lambda: copy(name, f"{name}_backup"), lambda: copy(f"{name}_backup", name)
    finally:
        await admin.execute(f"drop database if exists {name}_backup with (force)")
        await admin.close()


@pytest.fixture
async def ana(database, clock, make_member):
    ana = await make_member()
    await shopping.publish(database, ana.programme_id, clock.now(), shopping.campaign())
    return ana


async def holds_what_is_there(phone: Phone, database, ana) -> bool:
    rows = await database.fetch("select purchase_id::text from ledger.purchase where member_id = $1", ana.member_id)
    return phone.purchases.keys() == {row[0] for row in rows} and phone.adds_up()


async def test_a_device_ahead_of_the_restored_wallet_fetches_all(database, clock, ana, make_phone, backup) -> None:
    take, restore = backup
    phone = await make_phone(ana)
    await shopping.buy(database, ana, clock.now())
    await take()
    await shopping.buy(database, ana, clock.move(minutes=1))
    await phone.sync()
    await restore()
    told = await phone.sync()
    assert told.full
    assert len(told.purchases) == 1
    assert await holds_what_is_there(phone, database, ana)


async def test_a_new_epoch_makes_a_device_fetch_all_though_the_wallet_has_caught_up(
    database, clock, ana, make_phone, backup
) -> None:
    take, restore = backup
    phone = await make_phone(ana)
    await shopping.buy(database, ana, clock.now())
    await take()
    lost = await shopping.buy(database, ana, clock.move(minutes=1))
    await phone.sync()
    await restore()
    await shopping.buy(database, ana, clock.move(minutes=1))  # of the same value: the sums tell nothing
    assert await begin_epoch(database) == 1
    told = await phone.sync()
    assert told.full
    assert str(lost) not in phone.purchases
    assert await holds_what_is_there(phone, database, ana)


async def test_in_the_same_epoch_a_device_fetches_all_though_every_sum_agrees(
    database, clock, ana, make_phone, backup
) -> None:
    take, restore = backup
    phone, late = await make_phone(ana), await make_phone(ana)
    await shopping.buy(database, ana, clock.now())
    await take()
    lost = await shopping.buy(database, ana, clock.move(minutes=1))
    await phone.sync()
    await late.sync()
    await restore()
    await shopping.buy(database, ana, clock.move(minutes=1))  # the same value, and the same version
    told = await phone.sync()
    assert told.full, "the cursor names the chain that the device has followed"
    assert str(lost) not in phone.purchases
    assert await holds_what_is_there(phone, database, ana)

    await shopping.buy(database, ana, clock.move(minutes=1))  # and one that the other device hears of as news
    assert (await late.sync()).full
    assert str(lost) not in late.purchases
    assert await holds_what_is_there(late, database, ana)
