"""Checks that every balance is what its movements and lots say. Any operator can run it; it only reads."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg


@dataclass(frozen=True, slots=True)
class Finding:
    """The first row that breaks a rule of the ledger."""

    rule: str
    row: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Verification:
    """What was checked, and what was found wrong."""

    wallets: int
    movements: int
    lots: int
    purchases: int
    findings: list[Finding]
    seconds: dict[str, float] = field(default_factory=dict)
    """How long each rule took."""


_NO_LIMIT = 24 * 3600
_AT_SCALE = """
    set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0; set local jit = off;
    set local work_mem = '128MB'; set local hash_mem_multiplier = 4; set local max_parallel_workers_per_gather = 4"""
"""For whole tables: sums by hashing, in memory and in parallel."""


def rules() -> dict[str, str]:
    """The rules of `verify.sql`: each one's sentence, and the statement that finds what breaks it."""
    text = (Path(__file__).parent / "verify.sql").read_text(encoding="utf-8")
    parts = (part.partition("\n") for part in text.split("-- rule: ")[1:])
    return {name.strip(): statement.strip().removesuffix(";") for name, _, statement in parts}


async def verify(connection: asyncpg.pool.PoolConnectionProxy[Any]) -> Verification:
    """Check every rule in one snapshot; each finding holds the first row that breaks it."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        await connection.execute(_AT_SCALE)
        findings, seconds = [], {}
        for rule, statement in rules().items():
            began = time.perf_counter()
            # materialized: planned for all rows, where a bare limit 1 would be planned to find one soon
            query = f"with broken as materialized ({statement}) select * from broken limit 1"  # noqa: S608
            row = await connection.fetchrow(query, timeout=_NO_LIMIT)
            seconds[rule] = time.perf_counter() - began
            if row is not None:
                findings.append(Finding(rule, dict(row)))
        counted = await connection.fetchrow(
            """select (select count(*) from ledger.wallet), (select count(*) from ledger.movement),
                      (select count(*) from ledger.lot), (select count(*) from ledger.purchase)""",
            timeout=_NO_LIMIT,
        )
    wallets, movements, lots, purchases = counted or (0, 0, 0, 0)
    return Verification(wallets, movements, lots, purchases, findings, seconds)
