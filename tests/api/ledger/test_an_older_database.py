"""A database of the first release comes up unharmed: its rows stay, its chains hold, and money moves on."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest

from api.database.connections import Connections
from api.database.embedded import API_ROLE, OWNER
from api.database.functions import apply_functions
from api.database.migrate import SCRIPTS, migrate
from api.database.pool import Database
from api.ledger.verify import verify

ROWS = Path(__file__).with_name("older_database.sql")
_FIRST = """
    create table alembic_version (version_num varchar(32) primary key);
    insert into alembic_version values ('0001');
    create function ledger.save(wallet ledger.wallet, noted timestamptz) returns void language sql as 'select';
    create function ledger.of_yesterday() returns void language sql as 'select';
    grant execute on function ledger.of_yesterday to kierto_api;"""


@pytest.fixture
async def older(postgres_server) -> Connections:
    """A database at revision 0001, with functions of its time and rows."""
    admin = await asyncpg.connect(postgres_server.dsn(OWNER, "postgres"))
    await admin.execute("create database older template template0")
    connections = Connections(postgres_server.dsn(OWNER, "older"), postgres_server.dsn(API_ROLE, "older"))
    owner = await asyncpg.connect(connections.owner_dsn)
    for name in ("0001_people.sql", "0001_ledger.sql"):
        await owner.execute((SCRIPTS / "versions" / name).read_text(encoding="utf-8"))
    await owner.execute(_FIRST)
    await owner.execute(ROWS.read_text(encoding="utf-8"))
    await owner.close()
    try:
        yield connections
    finally:
        await admin.execute("drop database older with (force)")
        await admin.close()


async def _wallets(database: Database | asyncpg.Connection) -> list[tuple[object, ...]]:
    rows = await database.fetch(
        "select member_id, pending, available, debt, version, head from ledger.wallet where unit = 'BRL' order by 1"
    )
    return [tuple(row) for row in rows]


async def test_a_database_of_the_first_release_is_brought_up_with_its_rows(older, postgres_server) -> None:
    owner = await asyncpg.connect(older.owner_dsn)
    before = await _wallets(owner)
    await owner.close()
    assert (await migrate(older.owner_dsn))[0] == "0002"
    database = await Database.open(older)
    try:
        assert await _wallets(database) == before
        async with database.connection() as connection:
            verification = await verify(connection)
        assert verification.findings == []
        assert verification.movements == 18
        assert await database.fetchval("select to_regproc('ledger.of_yesterday')") is None
    finally:
        await database.close()


async def test_functions_are_applied_once_and_again_when_they_change(connections, tmp_path) -> None:
    owner = await asyncpg.connect(connections.owner_dsn)
    try:
        revision = await owner.fetchval("select version_num from alembic_version")
        assert not await apply_functions(owner, revision)
        (tmp_path / "10.sql").write_text("create function ledger.one() returns integer language sql as 'select 1';")
        assert await apply_functions(owner, revision, tmp_path)
        assert await owner.fetchval("select ledger.one()") == 1
        assert await owner.fetchval("select to_regproc('ledger.move')") is None
        (tmp_path / "20.sql").write_text("create function ledger.two() returns integer language sql as 'select x';")
        with pytest.raises(asyncpg.UndefinedColumnError):
            await apply_functions(owner, revision, tmp_path)
        assert await owner.fetchval("select ledger.one()") == 1
    finally:
        await owner.close()
    await migrate(connections.owner_dsn)
    database = await Database.open(connections)
    try:
        assert await database.fetchval("select ledger.said(null) is not null or true")
    finally:
        await database.close()
