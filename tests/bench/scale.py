"""A large ledger, made in minutes: wallets with lots, purchases and a true journal, table by table, and verified.

python -m tests.bench.scale --members 200000 --movements 2000000 [--dsn postgresql://owner@...]

The database is a migrated one of the owner's, and only ever a test's: rows are written past the ledger's functions.
Without --dsn one is started in a temporary directory, and is gone at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
from rich.console import Console
from rich.table import Table

from api.core.ids import new_id
from api.database.pool import prepare_connection
from api.ledger.verify import verify
from contract.campaigns import CampaignVersion
from tests.support import postgres

SLUG = "scale"
CHUNK = 25_000
_SQL = (Path(__file__).parent / "scale.sql").read_text(encoding="utf-8")


def rounds_for(members: int, movements: int) -> int:
    """Purchases a wallet. Each spends half of the one before, earns, and is released, but for the last, which waits."""
    return max(1, round((movements / members + 2) / 3))


def member_id(number: int) -> UUID:
    """The id that the SQL gives the n-th member."""
    return UUID(f"{27_000_000:08x}000070008000{number:012x}")


async def load(connection: asyncpg.Connection, members: int, movements: int, now: datetime, *, first: int = 0) -> int:
    """Add members numbered from `first`, with about `movements` in all; answers how many movements were made."""
    programme_id = await _programme(connection, now)
    rounds = rounds_for(members, movements)
    await connection.execute(_SQL)
    for begin in range(first, first + members, CHUNK):
        async with connection.transaction():
            await connection.execute(
                "set local session_replication_role = replica"
            )  # the keys are right by their making
            await connection.execute("set local work_mem = '128MB'; set local synchronous_commit = off")
            last = min(begin + CHUNK, first + members) - 1
            await connection.execute(
                "select pg_temp.load($1, $2, $3, $4, $5)", programme_id, begin, last, rounds, now, timeout=3_600
            )
    for table in (
        "member",
        "ledger.wallet",
        "ledger.movement",
        "ledger.lot",
        "ledger.purchase",
        "ledger.receipt_claim",
    ):
        await connection.execute(f"vacuum (analyze) {table}", timeout=3_600)
    return members * (3 * rounds - 2)


async def _programme(connection: asyncpg.Connection, now: datetime) -> object:
    found = await connection.fetchval("select programme_id from programme where slug = $1", SLUG)
    if found is not None:
        return found
    programme_id = new_id(now)
    everyday = CampaignVersion.model_validate(
        {
            "campaign_id": "everyday",
            "name": {"en": "Everyday cashback"},
            "when": {"starts_at": now - timedelta(days=1_000)},
            "reward": {"kind": "percent", "rate_bp": 500},
        }
    )
    async with connection.transaction():
        await connection.execute(
            """insert into programme (programme_id, slug, name, currency, timezone, epoch, created_at)
               values ($1, $2, 'Scale', 'BRL', 'America/Sao_Paulo', $1, $3)""",
            programme_id,
            SLUG,
            now,
        )
        await connection.execute("insert into store values ($1, 'centro', 'Centro', 'store')", programme_id)
        await connection.execute("insert into campaign values ($1, 'everyday', 'live', 1)", programme_id)
        await connection.execute(
            "insert into campaign_version values ($1, 'everyday', 1, $2, $3)",
            programme_id,
            json.loads(everyday.model_dump_json()),
            now,
        )
    return programme_id


@contextmanager
def _database(dsn: str | None) -> Iterator[str]:
    if dsn is not None:
        yield dsn
        return
    with postgres.test_server() as server:
        yield server.owner_dsn


async def run(members: int, movements: int, dsn: str, console: Console) -> None:
    """Load, verify, and say how fast."""
    connection, another = await asyncpg.connect(dsn), await asyncpg.connect(dsn)
    try:
        await prepare_connection(connection)
        began = time.perf_counter()
        made = await load(connection, members, movements, datetime.now(UTC))
        loaded = time.perf_counter() - began
        began = time.perf_counter()
        found = await verify(connection, another)
        verified = time.perf_counter() - began
    finally:
        await another.close()
        await connection.close()
    table = Table("what", "rows", "seconds", "rows/s")
    for what, count, seconds in (
        ("load, movements", made, loaded),
        ("verify, movements", found.movements, verified),
        ("verify, wallets", found.wallets, verified),
    ):
        table.add_row(what, f"{count:,}", f"{seconds:.1f}", f"{count / seconds:,.0f}")
    for rule, seconds in sorted(found.seconds.items(), key=lambda each: -each[1]):
        table.add_row(f"  {rule}", "", f"{seconds:.1f}", "")
    console.print(table)
    if found.findings:
        raise SystemExit(f"not in order: {found.findings}")
    console.print("All in order.")


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scale", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--members", type=int, default=200_000)
    parser.add_argument("--movements", type=int, default=2_000_000)
    parser.add_argument("--dsn", help="the owner's connection to a migrated test database; left out: a temporary one")
    given = parser.parse_args()
    if given.members < 1 or given.movements < given.members:
        parser.error("at least one member, and one movement for each")
    with _database(given.dsn) as dsn:
        asyncio.run(run(given.members, given.movements, dsn, Console()))


if __name__ == "__main__":
    main()
