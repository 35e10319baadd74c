"""The import of past purchases, measured with real baskets. Every wallet is checked afterwards."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

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
from tests.bench.figures import Figure, measure
from tests.bench.stage import Stage
from tests.support import people
from tests.support.clock import MovableClock

_SAMPLE = 1_000
_TOGETHER = 50
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

    # One to a receipt of a call: many receipts posted together are of as many members.
    members = [await people.make_member(database, clock, programme=programme) for _ in range(_TOGETHER)]
    postings = [
        PurchasePosting(
            claim=None,
            member_id=members[number % _TOGETHER].member_id,
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
    with timed(f"the ledger, {_TOGETHER} a round trip", lambda: half):
        async with database.transaction() as connection:
            for i in range(0, half, _TOGETHER):
                await post_purchases(connection, postings[i : min(i + _TOGETHER, half)], clock.now())
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


@measure("imports")
async def imports(stage: Stage) -> list[Figure]:
    """Real baskets of a grocer through the import, beside its parts alone."""
    now = datetime.now(UTC)
    baskets = 1_000 if stage.quick else 10_000
    path = stage.folder / "purchases.csv"
    await asyncio.to_thread(convert, path, baskets=baskets, until=now.date() - timedelta(days=1))
    async with stage.database("imports") as connections:
        database = await Database.open(connections)
        try:
            measured = await bench_import(database, path, MovableClock(now))
        finally:
            await database.close()
    whole, *parts = measured
    return [
        Figure(f"{whole[0]}", whole[1], "receipts/s", note=whole[2]),
        *(Figure(f"import: {what}", rate / whole[1], "x end to end", note=note) for what, rate, note in parts),
    ]
