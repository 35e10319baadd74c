"""PostgreSQL comes with the product: it starts, survives, says what is wrong, and lets the API write no money."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import asyncpg
import pytest

from api.database.connections import Connections
from api.database.embedded import AlreadyRunning, EmbeddedPostgres
from api.database.migrate import SCRIPTS, MigrationFailed, migrate
from api.database.pool import Database, DatabaseUnreachable
from api.database.processes import wait_until
from api.database.running import database_for_command, database_server
from api.problems import Refusal
from api.settings import load_settings

QUICK = {"fsync": "off", "shared_buffers": "16MB", "max_connections": "20"}


@pytest.fixture
def data_dir():
    folder = Path(tempfile.mkdtemp(prefix="kierto-test-"))
    yield folder / "data"
    shutil.rmtree(folder)


async def run(server: EmbeddedPostgres, *statements: str) -> list:
    connection = await asyncpg.connect(server.owner_dsn)
    try:
        return [await connection.fetch(statement) for statement in statements]
    finally:
        await connection.close()


async def test_data_survives_a_restart_and_a_kill(data_dir):
    server = EmbeddedPostgres(data_dir, options=QUICK)
    await asyncio.to_thread(server.start)
    try:
        await run(server, "create table kept (n int)", "insert into kept values (1)")
        await asyncio.to_thread(server.stop)
        await asyncio.to_thread(server.start)
        await run(server, "insert into kept values (2)")
        os.kill(server.pid, signal.SIGKILL)  # leaves its postmaster.pid and its socket behind
        await asyncio.to_thread(wait_until, lambda: server.pid is None, 10)
        assert (data_dir / "postgres" / "postmaster.pid").exists()
        assert await asyncio.to_thread(server.restart_if_dead)
        assert (await run(server, "select sum(n) from kept"))[0][0][0] == 3
        assert not server.restart_if_dead()
    finally:
        await asyncio.to_thread(server.stop)


async def test_a_server_left_behind_by_a_killed_process_is_taken_over(data_dir):
    code = (
        "import sys, time; from pathlib import Path; from api.database.embedded import EmbeddedPostgres;"
        "s = EmbeddedPostgres(Path(sys.argv[1])); s.start(); print(s.pid, flush=True); time.sleep(600)"
    )
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", code, str(data_dir), stdout=subprocess.PIPE)
    left_behind = int(await parent.stdout.readline())
    with pytest.raises(AlreadyRunning) as running:
        EmbeddedPostgres(data_dir).start()
    assert running.value.pid == parent.pid
    parent.kill()
    await parent.wait()
    server = EmbeddedPostgres(data_dir, options=QUICK)
    await asyncio.to_thread(server.start)
    try:
        assert server.pid != left_behind
        assert (await run(server, "select 1"))[0][0][0] == 1
    finally:
        await asyncio.to_thread(server.stop)


async def test_a_second_start_says_who_runs_and_where_and_a_command_joins(data_dir, monkeypatch):
    settings = load_settings(_env_file=None, data_dir=data_dir, port=8999)
    async with database_server(settings):
        with pytest.raises(AlreadyRunning, match=f"http://127.0.0.1:8999 .process {os.getpid()}"):
            async with database_server(settings):
                pytest.fail("two servers on one directory")
        async with database_for_command(settings) as connections:
            database = await Database.open(connections)
            assert await database.fetchval("select count(*) from member") == 0
            await database.close()
    async with database_for_command(settings) as connections:
        assert "kierto_api" in connections.api_dsn


def test_nobody_else_may_enter_the_data(postgres_server):
    pgdata = Path(postgres_server.owner_dsn.split("host=")[1].split("&")[0])
    assert stat.S_IMODE(pgdata.stat().st_mode) == 0o700
    assert stat.S_IMODE((pgdata / ".s.PGSQL.5432").stat().st_mode) == 0o700


def test_a_long_path_gets_a_socket_elsewhere(data_dir):
    server = EmbeddedPostgres(data_dir / ("long" * 30), options=QUICK)
    try:
        assert len(server.owner_dsn.split("host=")[1]) < 100
    finally:
        server.stop()


async def test_the_api_may_read_all_and_write_no_money(database, make_member):
    member = await make_member()
    assert await database.fetchval("select current_user::text") == "kierto_api"
    assert await database.fetchval("select count(*) from ledger.wallet") == 1
    for statement in (
        "update ledger.wallet set available = 1000000",
        "insert into ledger.receipt_claim select * from ledger.receipt_claim",
        "delete from ledger.movement",
        "update alembic_version set version_num = 'x'",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await database.execute(statement)
    await database.execute("update member set name = 'Ana' where member_id = $1", member.member_id)


async def test_a_named_database_is_used_in_the_role_of_the_api(connections):
    database = await Database.open(Connections.to_url(connections.owner_dsn))
    try:
        for _ in range(2):
            assert await database.fetchval("select current_user::text") == "kierto_api"
    finally:
        await database.close()


async def test_documents_go_in_and_out_as_values(database, clock):
    value = {"at": clock.now(), "n": [1, None, "é"]}
    assert await database.fetchval("select $1::jsonb", value) == {"at": "2026-03-10T15:00:00Z", "n": [1, None, "é"]}


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:hidden@127.0.0.1:1/d",
        "postgresql://u:hidden@nowhere.invalid/d",
        "postgresql://u:hidden@/d?host=/nowhere",
    ],
)
async def test_a_database_that_is_not_there_is_one_line_without_the_password(url):
    for connect in (Database.open(Connections.to_url(url)), migrate(url)):
        with pytest.raises(DatabaseUnreachable) as failure:
            await connect
        assert "\n" not in str(failure.value)
        assert "hidden" not in str(failure.value)
        assert "PostgreSQL at" in str(failure.value)


async def test_a_lock_that_is_not_given_up_is_unavailable(database, programme, connections):
    blocker = await asyncpg.connect(connections.owner_dsn)
    try:
        transaction = blocker.transaction()
        await transaction.start()
        await blocker.execute("lock table programme")
        async with database.connection() as connection:
            await connection.execute("set lock_timeout = '50ms'")
            with pytest.raises(Refusal) as refusal:
                await locked_out(database, connection)
        assert refusal.value.status == 503
        assert refusal.value.headers["Retry-After"]
        await transaction.rollback()
    finally:
        await blocker.close()


async def locked_out(database: Database, connection) -> None:
    from api.database.pool import absence_is_503

    with absence_is_503(connection):
        await connection.execute("update programme set name = 'x'")


async def test_migrations_run_once_even_when_many_start(connections):
    assert await asyncio.gather(*(migrate(connections.owner_dsn) for _ in range(3))) == [[], [], []]


async def test_a_failed_migration_keeps_nothing_and_says_why(connections, tmp_path):
    scripts = tmp_path / "migrations"
    shutil.copytree(SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    newest = max(p.stem for p in (scripts / "versions").glob("*.py"))[:4]
    (scripts / "versions" / "9999_wrong.py").write_text(
        "from api.database.migrations.sql import run_files\n"
        f"revision = '9999'\ndown_revision = '{newest}'\n"
        "def upgrade(): run_files(__file__, '9999_wrong.sql')\n"
    )
    (scripts / "versions" / "9999_wrong.sql").write_text("create table half (n int); insert into half values ('text');")
    with pytest.raises(MigrationFailed, match="invalid input syntax for type integer"):
        await migrate(connections.owner_dsn, scripts)
    owner = await asyncpg.connect(connections.owner_dsn)
    try:
        assert await owner.fetchval("select to_regclass('half')") is None
        assert await owner.fetchval("select version_num from alembic_version") == newest
    finally:
        await owner.close()


async def test_a_server_that_is_too_old_is_refused_as_it_is(connections, monkeypatch):
    monkeypatch.setattr("api.database.migrate.OLDEST", 99)
    with pytest.raises(
        MigrationFailed, match=r"^PostgreSQL 99 or newer is needed, and this one is \d\d: nothing was changed$"
    ):
        await migrate(connections.owner_dsn)


async def test_the_server_goes_away_and_comes_back(http, app, connections):
    owner = await asyncpg.connect(connections.owner_dsn)
    try:
        await owner.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
    finally:
        await owner.close()
    statuses = [(await http.get("/v1/health")).status_code for _ in range(3)]
    assert set(statuses) <= {200, 503}
    assert statuses[-1] == 200
