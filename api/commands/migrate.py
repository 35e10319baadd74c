"""`python -m api migrate`."""

from __future__ import annotations

import asyncio

import typer

from api.commands.support import CANNOT_START, START_FAILURES, fail, quiet_logs, settings_or_exit
from api.database.connections import Connections
from api.database.embedded import EmbeddedPostgres
from api.database.migrate import migrate as run_migrations
from api.settings import Settings


def register(cli: typer.Typer) -> None:
    """Add the command."""

    @cli.command()
    def migrate() -> None:
        """Bring the database to the newest schema. Serving does so too; this is for doing it beforehand."""
        settings = settings_or_exit()
        quiet_logs()
        try:
            applied = _migrate(settings)
        except START_FAILURES as failure:
            fail(str(failure), CANNOT_START)
        typer.echo(
            f"Applied: {', '.join(applied)}." if applied else "Nothing to do: the database is at the newest schema."
        )


def _migrate(settings: Settings) -> list[str]:
    named = Connections.from_settings(settings)
    if named is not None:
        return asyncio.run(run_migrations(named.owner_dsn))
    server = EmbeddedPostgres(settings.data_dir)
    server.start()
    try:
        return asyncio.run(run_migrations(server.owner_dsn))
    finally:
        server.stop()
