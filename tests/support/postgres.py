"""One PostgreSQL for a whole test run, and a fresh migrated database for each test, cloned from a template."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg

from api.database.connections import Connections
from api.database.embedded import API_ROLE, OWNER, EmbeddedPostgres
from api.database.migrate import migrate

# only here: a test's data need not survive a power cut
_FAST = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "64MB", "max_connections": "120"}
_numbers = itertools.count(1)


@contextmanager
def test_server() -> Iterator[EmbeddedPostgres]:
    """A server in a temporary directory, with the migrated template database `kierto`."""
    folder = Path(tempfile.mkdtemp(prefix="kierto-test-"))
    folder.chmod(0o755)
    server = EmbeddedPostgres(folder, options=_FAST)
    try:
        server.start()
        asyncio.run(migrate(server.owner_dsn))
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def fresh_database(server: EmbeddedPostgres) -> AsyncIterator[Connections]:
    """A database of one's own, dropped afterwards."""
    name = f"test_{next(_numbers)}"
    admin = await asyncpg.connect(server.dsn(OWNER, "postgres"))
    try:
        await admin.execute(f"create database {name} template kierto strategy file_copy")
        yield Connections(server.dsn(OWNER, name), server.dsn(API_ROLE, name))
        await admin.execute(f"drop database {name} with (force)")
    finally:
        await admin.close()
