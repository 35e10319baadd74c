"""The database for the life of a process: found or started, migrated, watched, stopped."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from api.database.connections import Connections
from api.database.embedded import EmbeddedPostgres, EmbeddedPostgresError
from api.database.lock import AlreadyRunning
from api.database.migrate import migrate
from api.settings import Settings

log = logging.getLogger("kierto.database")
_WATCH_SECONDS = 0.5


@asynccontextmanager
async def database_server(settings: Settings) -> AsyncIterator[Connections]:
    """A migrated database: the one that the settings name, or the embedded one, which stops with the block.

    Raises AlreadyRunning, EmbeddedPostgresError, DatabaseUnreachable, MigrationFailed.
    """
    if settings.running_dsn is not None:  # the parent of this worker has migrated it
        yield Connections.to_url(settings.running_dsn.get_secret_value())
        return
    named = Connections.from_settings(settings)
    if named is not None:
        await migrate(named.owner_dsn)
        yield named
        return
    server = EmbeddedPostgres(settings.data_dir, address=settings.address)
    await asyncio.to_thread(server.start)
    watch = asyncio.create_task(_watch(server), name="watch the embedded PostgreSQL")
    try:
        await migrate(server.owner_dsn)
        yield Connections.to_embedded(server)
    finally:
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch
        await asyncio.to_thread(server.stop)


@asynccontextmanager
async def database_for_command(settings: Settings) -> AsyncIterator[Connections]:
    """A migrated database for a command: that of a process which runs on the same data directory, if there is one."""
    async with AsyncExitStack() as stack:
        try:
            connections = await stack.enter_async_context(database_server(settings))
        except AlreadyRunning as running:
            if not running.holder.owner_dsn:  # it is just starting
                raise
            connections = Connections(running.holder.owner_dsn, running.holder.api_dsn)
        yield connections


async def _watch(server: EmbeddedPostgres) -> None:
    """Start the embedded server again when something kills it."""
    while True:
        await asyncio.sleep(_WATCH_SECONDS)
        try:
            if await asyncio.to_thread(server.restart_if_dead):
                log.warning("the embedded PostgreSQL runs again")
        except EmbeddedPostgresError as error:
            log.error("%s", error)  # noqa: TRY400 - the reason is whole; it is tried again
