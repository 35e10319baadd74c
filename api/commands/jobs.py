"""`python -m api settle`: what the API does every minute, for those who would rather have cron do it."""

from __future__ import annotations

import typer

from api.commands.support import run_with_database, settings_or_exit
from api.core.clock import SystemClock
from api.database.pool import Database
from api.jobs.rounds import Round, go_round
from api.mail.configured import sender_of
from api.mail.sender import DemoInbox
from api.reviews.watch import watch


def register(cli: typer.Typer) -> None:
    """Add the command."""

    @cli.command()
    def settle() -> None:
        """Do all that is due: make cashback available, expire what is past its end, work out tiers, erase who has left.

        Safe to run twice, also while Kierto runs.
        """
        done, held = run_with_database(_settle)
        typer.echo(f"{done.wallets:,} wallets brought up to date.")
        typer.echo(f"{done.tiers:,} tiers looked at.")
        typer.echo(f"{done.erased:,} members erased.")
        typer.echo(f"{done.copies:,} copies of accounts made.")
        typer.echo(f"{done.told:,} members told of what is about to expire.")
        typer.echo(f"{held:,} purchases held for review.")


async def _settle(database: Database) -> tuple[Round, int]:
    clock, sender = SystemClock(), sender_of(settings_or_exit())
    told_by = None if isinstance(sender, DemoInbox) else sender  # an inbox in memory is the serving process's own
    return await go_round(database, clock, told_by), await watch(database, None, clock.now())
