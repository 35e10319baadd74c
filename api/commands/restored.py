"""`python -m api restored`: after a backup was restored, tell every device to fetch its wallet anew."""

from __future__ import annotations

import typer

from api.commands.support import run_with_database
from api.database.pool import Database


def register(cli: typer.Typer) -> None:
    """Add the command."""

    @cli.command()
    def restored() -> None:
        """Say that a backup was restored: every device then fetches its wallet anew. Run it before the API starts."""
        programmes = run_with_database(begin_epoch)
        typer.echo(f"A new epoch has begun for {programmes:,} programmes: every device fetches its wallet anew.")


async def begin_epoch(database: Database) -> int:
    """Give every programme a new epoch; answers how many there are.

    What a device saw of the time that the backup lost is over then, though its wallet's version be reached again.
    """
    rows = await database.fetch("update programme set epoch = gen_random_uuid() returning 1")
    return len(rows)
