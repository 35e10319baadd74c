"""The benchmark table: `make bench`. Machines are noisy, so ratios count, and each pair is measured in one run.

python -m tests.bench --baskets 20000
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.table import Table

from api.campaigns import service as campaigns
from api.core.ids import new_id
from api.database.pool import Database
from api.demo.seed_campaigns import demo_campaigns
from api.imports.baskets import Terms, receipts
from api.imports.reader import FileReader
from api.imports.seen import SeenReceipts
from api.imports.service import Import
from api.ledger.repository import PurchasePosting, post_purchase, post_purchases
from api.ledger.verify import verify
from api.till.basket import stored
from contract.basket import Basket
from contract.campaigns import ProgrammeRules
from contract.facts import MemberFacts
from contract.rules import quote
from tests.bench.completejourney import convert
from tests.support import people, postgres
from tests.support.clock import MovableClock

_SAMPLE = 1_000
Measured = list[tuple[str, float, str]]


async def bench_import(database: Database, path: Path, clock: MovableClock) -> Measured:
    """The import end to end, beside its parts alone: the file, the calculator, the ledger. Receipts per second."""
    programme = await people.make_programme(database, clock)
    offers = demo_campaigns(clock.now() - timedelta(days=430), clock.now())
    async with database.connection() as connection:
        for version in offers:
            await campaigns.publish_campaign(connection, programme.programme_id, version, clock.now())
    measured: Measured = []

    @contextmanager
    def timed(what: str, count: Callable[[], int]) -> Iterator[None]:
        began = time.perf_counter()
        yield
        measured.append((what, count() / (time.perf_counter() - began), f"{count():,} receipts"))

    running = Import(database, programme.programme_id, clock.now(), refused=_never)
    with timed("import, end to end", lambda: running.totals.receipts_posted):
        await running.run(FileReader(path))
    again = Import(database, programme.programme_id, clock.now(), refused=_never)
    with timed("import again, all there", lambda: again.totals.receipts_already_there):
        await again.run(FileReader(path))

    baskets: list[Basket] = []
    with timed("reading the file", lambda: len(baskets)):
        baskets += _baskets(path, clock.now())
    rules = ProgrammeRules(currency="BRL", timezone="America/Sao_Paulo")
    quotes = []
    with timed("the calculator", lambda: len(baskets)):
        quotes += [quote(basket, MemberFacts(), offers, basket.at, rules) for basket in baskets]

    member = await people.make_member(database, clock, programme=programme)
    postings = [
        PurchasePosting(
            claim=None,
            member_id=member.member_id,
            purchase_id=new_id(clock.now()),
            programme_id=programme.programme_id,
            store_id=basket.store_id,
            channel=basket.channel,
            receipt_number=f"bench-{number}",
            at=basket.at,
            source="import",
            unit="BRL",
            total=basket.total,
            redeem=0,
            basket=stored(basket),
            quote=quoted,
        )
        for number, (basket, quoted) in enumerate(zip(baskets, quotes, strict=True))
    ]
    half = len(postings) // 2
    with timed("the ledger, 50 a round trip", lambda: half):
        async with database.transaction() as connection:
            for i in range(0, half, 50):
                await post_purchases(connection, postings[i : min(i + 50, half)], clock.now())
    with timed("the ledger, a commit each", lambda: len(postings) - half):
        async with database.connection() as connection:
            for posting in postings[half:]:
                await post_purchase(connection, posting, clock.now())
    async with database.connection() as connection:
        found = await verify(connection)
    assert not found.findings, found.findings
    return measured


def _baskets(path: Path, now: datetime) -> list[Basket]:
    with SeenReceipts() as seen:
        found = receipts(FileReader(path).rows(), Terms(frozenset({"centro", "jardins", "web"}), now), seen)
        return [each.basket for each in islice(found, _SAMPLE) if each.basket is not None]


def _never(row: object) -> None:
    raise AssertionError(f"a real basket was refused: {row}")


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--baskets", type=int, default=20_000)
    given = parser.parse_args()
    now = datetime.now(UTC)
    console = Console()
    with tempfile.TemporaryDirectory(prefix="kierto-bench-") as folder, postgres.test_server() as server:
        path = Path(folder) / "purchases.csv"
        console.print(f"Turning {given.baskets:,} real baskets into an import file ...")
        convert(path, baskets=given.baskets, until=now.date() - timedelta(days=1))

        async def run() -> Measured:
            async with postgres.fresh_database(server) as connections:
                database = await Database.open(connections)
                try:
                    return await bench_import(database, path, MovableClock(now))
                finally:
                    await database.close()

        measured = asyncio.run(run())
    table = Table("what", "receipts/s", "ratio", "measured with", title="Import")
    for what, rate, note in measured:
        table.add_row(what, f"{rate:,.0f}", f"{rate / measured[0][1]:.2f}", note)
    console.print(table)
    console.print("Every wallet equals the sum of its movements and of its lots.")
    console.print(f"Most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
