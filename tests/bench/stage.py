"""The stage of a run: a PostgreSQL of its own with the product's settings, databases on it, and the unit of measure."""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from api.database.connections import Connections
from api.database.embedded import API_ROLE, OWNER, EmbeddedPostgres
from api.database.migrate import migrate
from tests.bench.load import drive
from tests.bench.pairs import Sample, Turn, cpu_seconds
from tests.bench.servers import CLIENTS, Served, pgbench

_DONE = re.compile(r"transactions actually processed: (\d+)")
_RATE = re.compile(r"tps = ([\d.]+) \(without initial connection time\)")


@dataclass
class Stage:
    """What measures run on. `quick`: short turns and small data, to see that all works; its figures mean little."""

    server: EmbeddedPostgres
    folder: Path
    quick: bool
    _tpcb: bool = False

    @property
    def seconds(self) -> int:
        """How long a turn takes."""
        return 1 if self.quick else 4

    @property
    def rounds(self) -> int:
        """How many turns of each way count."""
        return 2 if self.quick else 5

    def connections(self, name: str) -> Connections:
        """How the owner and the API's role connect to a database."""
        return Connections(self.server.dsn(OWNER, name), self.server.dsn(API_ROLE, name))

    @asynccontextmanager
    async def database(self, name: str) -> AsyncIterator[Connections]:
        """A fresh migrated database, dropped afterwards."""
        await self._admin(f"create database {name} template kierto strategy file_copy")
        try:
            yield self.connections(name)
        finally:
            await self._admin(f"drop database {name} with (force)")

    async def tpcb(self) -> Turn:
        """One turn of pgbench's TPC-B: the unit in which the ledger's speed is told."""
        dsn = self.server.dsn(OWNER, "tpcb")
        if not self._tpcb:
            self._tpcb = True
            await self._admin("create database tpcb")
            await pgbench(dsn, "-i", "-q", "-s", "5" if self.quick else "50")
        return self.pgbench(dsn, "-b", "tpcb-like", mode="simple")

    def pgbench(self, dsn: str, *options: str, mode: str = "prepared") -> Turn:
        """One turn of a pgbench script."""

        async def turn() -> Sample:
            before = self.postgres_cpu()
            threads = ("-c", str(CLIENTS), "-j", "2", "-T", str(self.seconds))
            said = await pgbench(dsn, "-n", "-M", mode, *threads, *options)
            done, rate = _DONE.search(said), _RATE.search(said)
            if done is None or rate is None:
                raise RuntimeError(said)
            return Sample(int(done[1]), int(done[1]) / float(rate[1]), self.postgres_cpu() - before)

        return turn

    def http(self, served: Served, requests: Iterator[bytes], *, status: int = 200, each: int = 1) -> Turn:
        """One turn of HTTP requests; `each`: how much one of them does."""

        async def turn() -> Sample:
            before = cpu_seconds([served.pid]) + self.postgres_cpu()
            done, took = await drive(served.url, requests, status=status, clients=CLIENTS, seconds=self.seconds)
            return Sample(done * each, took, cpu_seconds([served.pid]) + self.postgres_cpu() - before)

        return turn

    def postgres_cpu(self) -> float:
        """Seconds of processor time that PostgreSQL took so far."""
        return cpu_seconds([self.server.pid or 0])

    async def _admin(self, statement: str) -> None:
        await execute(self.server.dsn(OWNER, "postgres"), statement)


async def execute(dsn: str, *statements: str, arguments: tuple[Any, ...] = ()) -> None:
    """Run statements as they stand."""
    connection = await asyncpg.connect(dsn)
    try:
        for statement in statements:
            await connection.execute(statement, *arguments)
    finally:
        await connection.close()


@asynccontextmanager
async def open_stage(*, quick: bool) -> AsyncIterator[Stage]:
    """A stage in a temporary directory, which goes with it. Commits wait for the disk, as they do in use."""
    folder = _folder()
    server = EmbeddedPostgres(folder)
    try:
        await asyncio.to_thread(server.start)
        await migrate(server.owner_dsn)
        yield Stage(server, folder, quick)
    finally:
        await asyncio.to_thread(server.stop)
        shutil.rmtree(folder, ignore_errors=True)


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="kierto-bench-"))
    folder.chmod(0o755)  # where the server runs as another user
    return folder
