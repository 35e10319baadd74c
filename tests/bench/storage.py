"""How much room one accrual takes, indexes and all."""

from __future__ import annotations

from typing import Any

import asyncpg

from tests.bench.chain import make_chain
from tests.bench.figures import Figure, measure
from tests.bench.receipts import posting
from tests.bench.stage import Stage

_MONEY = ("wallet", "lot", "movement", "receipt_claim", "write_claim")
_ENOUGH = 20_000
"""Receipts: with fewer, what is half empty at the end of each table and index counts."""
_SIZES = """
    select c.relname, pg_total_relation_size(c.oid) from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'ledger' and c.relkind = 'r'"""


@measure("storage")
async def bytes_an_accrual(stage: Stage) -> list[Figure]:
    """What the ledger's tables grow by for each receipt: the money, and the basket with its quote."""
    async with stage.database("storage") as connections:
        chain = await make_chain(connections)
        post = posting(stage, chain)
        await post()
        owner = await asyncpg.connect(connections.owner_dsn)
        try:
            before = await _sizes(owner)
            posted, enough = 0, 1_000 if stage.quick else _ENOUGH
            while posted < enough:
                posted += (await post()).done
            grown = {table: (size - before[table]) / posted for table, size in (await _sizes(owner)).items()}
        finally:
            await owner.close()
    money = sum(grown[table] for table in _MONEY)
    note = "; ".join(f"{table} {grown[table]:,.0f}" for table in (*_MONEY, "purchase"))
    return [
        Figure("bytes an accrual, the money", money, "bytes", 650, 580, "less", note),
        Figure("bytes an accrual, with basket and quote", sum(grown.values()), "bytes", better="less"),
    ]


async def _sizes(owner: asyncpg.Connection[Any]) -> dict[str, int]:
    """Bytes of each table, without the empty pages by which eight clients extend it ahead of need."""
    await owner.execute(f"vacuum {', '.join(f'ledger.{table}' for table in (*_MONEY, 'purchase'))}")
    return dict(await owner.fetch(_SIZES))
