"""Import files for tests, and what an import left in the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from api.campaigns import service as campaigns
from api.database.pool import Database
from api.imports.columns import COLUMNS
from api.imports.reader import FileReader
from api.imports.service import Import, Totals
from api.ledger.verify import verify
from contract.campaigns import CampaignVersion, ExpiryAfterMonths, PercentReward, When
from contract.imports import RefusedRow

HEADER = ",".join(COLUMNS)
ANA = "8400000001"
BRUNO = "8400000002"
AT = "2026-02-14T18:05:00-03:00"


def row(  # noqa: PLR0917  in the order of the file
    receipt: str = "R1",
    member: str = ANA,
    store: str = "centro",
    channel: str = "store",
    at: str = AT,
    sku: str = "789",
    name: str = "Arroz",
    category: str = "food",
    tags: str = "organic;local",
    quantity: object = 2,
    unit_price: object = 1290,
    discount: object = 0,
) -> str:
    cells = (receipt, member, store, channel, at, sku, name, category, tags, quantity, unit_price, discount)
    return ",".join(map(str, cells))


def write(path: Path, rows: Iterable[str], header: str = HEADER) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def two_percent(version: int = 1) -> CampaignVersion:
    return CampaignVersion(
        campaign_id="base",
        version=version,
        name={"en": "2 % on everything"},
        when=When(starts_at=datetime(2024, 1, 1, tzinfo=UTC)),
        reward=PercentReward(rate_bp=200),
        pending_days=14,
        expiry=ExpiryAfterMonths(months=6),
    )


async def publish(database: Database, programme: Any, clock: Any, *versions: CampaignVersion) -> None:
    async with database.connection() as connection:
        for version in versions:
            await campaigns.publish_campaign(connection, programme.programme_id, version, clock.now())


async def run(database: Database, programme: Any, clock: Any, path: Path) -> tuple[Totals, list[RefusedRow]]:
    refused: list[RefusedRow] = []
    running = Import(database, programme.programme_id, clock.now(), refused=refused.append)
    return await running.run(FileReader(path)), refused


async def left_in_ledger(database: Database) -> list[tuple[Any, ...]]:
    """Everything that an import writes, without the ids and times that differ from run to run."""
    statements = (
        "select member_number, joined_at from member order by 1",
        """select m.member_number, p.receipt_number, p.store_id, p.at, p.total, p.earned, p.basket, p.quote
             from ledger.purchase p join member m using (member_id) order by 1, 2, 3""",
        """select m.member_number, w.pending, w.available, w.debt
             from ledger.wallet w join member m using (member_id) order by 1""",
        """select m.member_number, l.campaign_id, l.original, l.remaining, l.expired, l.released,
                  l.available_at, l.expires_at
             from ledger.lot l join member m using (member_id) order by 1, 2, 7, 3""",
        """select m.member_number, v.kind, v.event_at, v.amount
             from ledger.movement v join member m using (member_id) order by 1, 2, 3, 4""",
    )
    return [tuple(found) for statement in statements for found in await database.fetch(statement)]


async def assert_in_order(database: Database) -> None:
    async with database.connection() as connection:
        found = await verify(connection)
    assert found.findings == []
