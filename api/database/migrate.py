"""Bring a database to the newest schema: at each start, under a lock, one process at a time."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from api.database.functions import apply_functions, make_role
from api.database.pool import DatabaseUnreachable, unreachable

log = logging.getLogger("kierto.database")
SCRIPTS = Path(__file__).parent / "migrations"
OLDEST = 18
"""The oldest PostgreSQL that has what the ledger's tables are made of: columns that are worked out as they are read."""
_PATIENCE = 10
"""Seconds that a database may take to answer."""
_LOCK = 0x6B696572746F  # "kierto"


class MigrationFailed(RuntimeError):
    """A migration did not run; the database is as it was before it. The message says which statement and why."""


async def migrate(owner_dsn: str, scripts: Path = SCRIPTS) -> list[str]:
    """Run what is missing; the revisions that were applied. Raises MigrationFailed, DatabaseUnreachable.

    A PostgreSQL before 18 is refused as it is.
    """
    try:
        async with asyncio.timeout(_PATIENCE):  # asyncpg's own counts anew for each way to connect
            guard = await asyncpg.connect(owner_dsn)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        raise DatabaseUnreachable(unreachable(owner_dsn, error)) from None
    try:
        if (found := guard.get_server_version().major) < OLDEST:
            raise MigrationFailed(
                f"PostgreSQL {OLDEST} or newer is needed, and this one is {found}: nothing was changed"
            )
        await guard.execute("select pg_advisory_lock($1)", _LOCK)
        done = await _upgrade(owner_dsn, guard, scripts)
        if await apply_functions(guard, await _current(guard) or ""):
            log.info("the ledger's functions are replaced by the newest")
        return done
    except asyncpg.PostgresError as error:
        raise MigrationFailed(_reason(error)) from error
    finally:
        await guard.close()


async def _upgrade(owner_dsn: str, guard: Any, scripts: Path) -> list[str]:
    async def connect() -> Any:
        return await asyncpg.connect(owner_dsn, timeout=_PATIENCE)

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    before = await _current(guard)
    wanted = ScriptDirectory.from_config(config).get_current_head()
    if before == wanted:
        return []
    await make_role(guard)

    def run(connection: Connection) -> None:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(run)
    except (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise MigrationFailed(_reason(error)) from error
    finally:
        await engine.dispose()
    script = ScriptDirectory.from_config(config)
    applied = [revision.revision for revision in script.walk_revisions(before or "base", "head")]
    done = [revision for revision in reversed(applied) if revision != before]
    log.info("the database is now at %s", wanted)
    return done


async def _current(guard: Any) -> str | None:
    if await guard.fetchval("select to_regclass('public.alembic_version')") is None:
        return None
    found: str | None = await guard.fetchval("select version_num from public.alembic_version")
    return found


def _reason(error: BaseException) -> str:
    cause = getattr(error, "orig", None) or error
    detail = [str(cause).strip()]
    for name in ("detail", "hint", "where", "context"):
        text = getattr(cause, name, None) or getattr(cause.__cause__, name, None)
        if text:
            detail.append(f"{name}: {text}")
    return "a migration failed, and nothing of it was kept: " + "; ".join(detail)
