"""What commands share: settings, a database, and one line for everything that may go wrong at start."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from typing import NoReturn, TypeVar

from api.database.connections import Connections
from api.database.embedded import EmbeddedPostgresError
from api.database.lock import AlreadyRunning
from api.database.migrate import MigrationFailed
from api.database.pool import Database, DatabaseUnreachable
from api.database.running import database_for_command
from api.problems import Refusal
from api.settings import Settings, WrongSetting, load_settings

T = TypeVar("T")
START_FAILURES = (AlreadyRunning, EmbeddedPostgresError, DatabaseUnreachable, MigrationFailed)
WRONG_SETTING = 2
CANNOT_START = 1


def settings_or_exit(**overrides: object) -> Settings:
    """The settings; or one line that names the wrong one, and exit code 2."""
    try:
        return load_settings(**overrides)
    except WrongSetting as wrong:
        fail(str(wrong), WRONG_SETTING)


def run_with_database(action: Callable[[Database], Awaitable[T]]) -> T:
    """Run a command's work on a migrated database: the one that a running Kierto serves, or one started for it."""
    settings = settings_or_exit()
    quiet_logs()

    async def run() -> T:
        async with database_for_command(settings) as connections:
            return await _with_pool(connections, action)

    try:
        return asyncio.run(run())
    except START_FAILURES as failure:
        fail(str(failure), CANNOT_START)
    except Refusal as refusal:
        fail(refusal.detail, CANNOT_START)


async def _with_pool(connections: Connections, action: Callable[[Database], Awaitable[T]]) -> T:
    database = await Database.open(connections)
    try:
        return await action(database)
    finally:
        await database.close()


def quiet_logs() -> None:
    """Warnings and worse only: a command speaks for itself."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")


def fail(sentence: str, code: int = CANNOT_START) -> NoReturn:
    """Say in one line what is wrong, and end."""
    print(" ".join(sentence.split()), file=sys.stderr)
    raise SystemExit(code)
