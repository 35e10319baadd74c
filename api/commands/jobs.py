"""`python -m api settle`: what the API does every minute, for those who would rather have cron do it."""

from __future__ import annotations

import typer

from api.commands.support import run_with_database
from api.core.clock import SystemClock
from api.database.pool import Database
from api.jobs.settle import settle as settle_all


def register(cli: typer.Typer) -> None:
    """Add the command."""

    @cli.command()
    def settle() -> None:
        """Make due cashback available, and expire what is past its end. Safe to run twice, also while Kierto runs."""
        wallets = run_with_database(_settle)
        typer.echo(f"{wallets:,} wallets brought up to date.")


async def _settle(database: Database) -> int:
    return await settle_all(database, None, SystemClock().now())
