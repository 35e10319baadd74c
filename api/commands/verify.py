"""`python -m api verify`: does every balance say what its movements and lots say?"""

from __future__ import annotations

import os
import time
from contextlib import AsyncExitStack

import typer

from api.commands.support import run_with_database
from api.database.pool import Database
from api.ledger.verify import Finding, Verification
from api.ledger.verify import verify as run_verification

_CONNECTIONS = min(4, os.cpu_count() or 1)
"""They share the work, in one snapshot."""


def register(cli: typer.Typer) -> None:
    """Add the command."""

    @cli.command()
    def verify() -> None:
        """Check every balance against its movements and lots, and name the first row that is wrong. Only reads."""
        started = time.monotonic()
        found = run_with_database(_verify)
        for finding in found.findings:
            typer.echo(sentence(finding), err=True)
        typer.echo(
            f"{found.wallets:,} wallets, {found.lots:,} lots, {found.movements:,} movements, "
            f"{found.purchases:,} purchases checked "
            f"in {time.monotonic() - started:.1f} s: {'not in order' if found.findings else 'all in order'}."
        )
        if found.findings:
            raise typer.Exit(1)


def sentence(finding: Finding) -> str:
    """One line about what is wrong: the rule, and the row that breaks it."""
    row = ", ".join(f"{name}={value}" for name, value in finding.row.items())
    return f"Broken: {finding.rule}. First row: {row}"


async def _verify(database: Database) -> Verification:
    async with AsyncExitStack() as stack:
        several = [await stack.enter_async_context(database.connection()) for _ in range(_CONNECTIONS)]
        return await run_verification(*several)
