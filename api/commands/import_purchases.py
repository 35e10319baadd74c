"""`python -m api import purchases.csv`: past purchases, through the same rules and ledger as a till's."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from api.campaigns import service as campaigns
from api.commands.support import fail, run_with_database
from api.database.pool import Database
from api.imports import repository
from api.imports.columns import FileRefused
from api.imports.reader import FileReader
from api.imports.service import Import, Totals
from api.imports.service import Progress as Step
from api.problems import Refusal
from contract.imports import RefusedRow
from contract.money import decimals

SOME_REFUSED = 1
FILE_REFUSED = 2
_SHOWN = 10
_REPORT_COLUMNS = ("line", "receipt_number", "column", "reason")
_SECONDS_BETWEEN_LINES = 5.0

Say = Callable[[Step], None]


def register(cli: typer.Typer) -> None:
    """Add the command."""

    @cli.command(name="import")
    def import_purchases(
        file: Annotated[Path, typer.Argument(help="CSV in UTF-8; docs/import.md says what stands in it.")],
        programme: Annotated[str, typer.Option(help="The programme's slug; may be left out where there is one.")] = "",
        report: Annotated[Path | None, typer.Option(help="Where to write each refused row with its reason.")] = None,
    ) -> None:
        """Bring past purchases in. Run it again after a stop: what is there already is left as it is."""
        reader = _checked(file)
        with _refusals(report) as refused, _shown_progress() as say:
            totals, currency = run_with_database(lambda database: _import(database, reader, programme, refused, say))
        typer.echo(sentence(totals, currency))
        if refused.count > _SHOWN and report is None:
            typer.echo(
                f"{refused.count - _SHOWN:,} more reasons are not shown; --report FILE writes all of them.", err=True
            )
        if totals.receipts_refused:
            raise typer.Exit(SOME_REFUSED)


def sentence(totals: Totals, currency: str) -> str:
    """What came of it, in lines for a person."""
    cashback = totals.cashback_issued
    places = decimals(currency)
    whole, part = divmod(cashback, 10**places)
    amount = f"{whole:,}" + (f".{part:0{places}d}" if places else "")
    return "\n".join(
        (
            f"{totals.receipts_posted:>10,} receipts posted",
            f"{totals.receipts_already_there:>10,} already there",
            f"{totals.receipts_refused:>10,} refused ({totals.rows_refused:,} rows)",
            f"{totals.members_created:>10,} members created",
            f"{amount:>10} {currency} of cashback issued",
        )
    )


def _checked(file: Path) -> FileReader:
    try:
        return FileReader(file)
    except FileRefused as refused:
        fail(f"{file}: {refused.sentence} Nothing was imported.", FILE_REFUSED)
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror or error}. Nothing was imported.", FILE_REFUSED)


async def _import(
    database: Database, reader: FileReader, slug: str, refused: _Refusals, say: Say
) -> tuple[Totals, str]:
    programme_id = await _programme(database, slug)
    async with database.connection() as connection:
        currency = (await campaigns.programme(connection, programme_id)).currency
    running = Import(database, programme_id, datetime.now(UTC), refused=refused, progress=say)
    try:
        return await running.run(reader), currency
    except Refusal as refusal:
        done = running.totals.receipts_posted
        said = f"{refusal.detail} {done:,} receipts were posted before that; run the import again to go on."
        raise Refusal(refusal.status, refusal.code, said) from refusal


async def _programme(database: Database, slug: str) -> UUID:
    async with database.connection() as connection:
        slugs = await repository.slugs(connection)
        if not slugs:
            fail(
                "There is no programme here yet. Start Kierto once, or create one. Nothing was imported.", FILE_REFUSED
            )
        if not slug and len(slugs) > 1:
            fail(f"Say which programme with --programme: {', '.join(slugs)}. Nothing was imported.", FILE_REFUSED)
        found = await repository.programme_of_slug(connection, slug or slugs[0])
    if found is None:
        fail(f"There is no programme {slug!r}; there is {', '.join(slugs)}. Nothing was imported.", FILE_REFUSED)
    return found


class _Refusals:
    """Writes every refused row to a file, or says the first few."""

    def __init__(self, write: Callable[[RefusedRow], None] | None) -> None:
        self.count = 0
        self._write = write

    def __call__(self, row: RefusedRow) -> None:
        self.count += 1
        if self._write is not None:
            self._write(row)
        elif self.count <= _SHOWN:
            column = f"{row.column}: " if row.column else ""
            typer.echo(f"line {row.line}, receipt {row.receipt_number or '?'}: {column}{row.reason}", err=True)


@contextmanager
def _refusals(report: Path | None) -> Iterator[_Refusals]:
    if report is None:
        yield _Refusals(None)
        return
    try:
        file = report.open("w", encoding="utf-8", newline="")
    except OSError as error:
        fail(f"{report} cannot be written: {error.strerror or error}. Nothing was imported.", FILE_REFUSED)
    with file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_REPORT_COLUMNS)
        yield _Refusals(lambda row: writer.writerow((row.line, row.receipt_number, row.column, row.reason)) and None)


@contextmanager
def _shown_progress() -> Iterator[Say]:
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines()
        return
    counts = TextColumn("{task.fields[posted]:,} posted, {task.fields[refused]:,} refused")
    columns = (BarColumn(), DownloadColumn(), counts, TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("import", total=None, posted=0, refused=0)

        def say(step: Step) -> None:
            totals = step.totals
            bar.update(
                task,
                total=step.size,
                completed=step.position,
                posted=totals.receipts_posted,
                refused=totals.receipts_refused,
            )

        yield say


class _Lines:
    """Progress where there is no terminal: a line every few seconds."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _SECONDS_BETWEEN_LINES

    def __call__(self, step: Step) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _SECONDS_BETWEEN_LINES
        share = 100 * step.position // max(step.size, 1)
        totals = step.totals
        typer.echo(
            f"{share:3d} %: {totals.receipts_posted:,} posted, {totals.receipts_already_there:,} already there, "
            f"{totals.receipts_refused:,} refused",
            err=True,
        )
