"""`python -m api settle`: what the API does every minute, for those who would rather have cron do it."""

from __future__ import annotations

import typer

from api.commands.support import run_with_database
from api.core.clock import SystemClock
from api.database.pool import Database
from api.jobs.budgets import settle_budgets
from api.jobs.erase import erase
from api.jobs.settle import settle as settle_all
from api.jobs.tiers import settle_tiers


def register(cli: typer.Typer) -> None:
    """Add the command."""

    @cli.command()
    def settle() -> None:
        """Make due cashback available, expire what is past its end, work out tiers, and erase who has left.

        Safe to run twice, also while Kierto runs.
        """
        wallets, tiers, left = run_with_database(_settle)
        typer.echo(f"{wallets:,} wallets brought up to date.")
        typer.echo(f"{tiers:,} tiers looked at.")
        typer.echo(f"{left:,} members erased.")


async def _settle(database: Database) -> tuple[int, int, int]:
    now = SystemClock().now()
    wallets = await settle_all(database, None, now)
    await settle_budgets(database, now)
    return wallets, await settle_tiers(database, None, now), await erase(database, None, now)
