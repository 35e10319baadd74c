"""Checks that every balance is what its movements and lots say. Any operator can run it; it only reads."""

from __future__ import annotations

from dataclasses import dataclass
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


def rules() -> dict[str, str]:
    """The rules of `verify.sql`: each one's sentence, and the statement that finds what breaks it."""
    text = (Path(__file__).parent / "verify.sql").read_text(encoding="utf-8")
    parts = (part.partition("\n") for part in text.split("-- rule: ")[1:])
    return {name.strip(): statement.strip().removesuffix(";") for name, _, statement in parts}


async def verify(connection: asyncpg.pool.PoolConnectionProxy[Any]) -> Verification:
    """Check every rule in one snapshot; each finding holds the first row that breaks it."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        await connection.execute("set local statement_timeout = 0")
        findings = []
        for rule, statement in rules().items():
            row = await connection.fetchrow(f"{statement} limit 1")
            if row is not None:
                findings.append(Finding(rule, dict(row)))
        counted = await connection.fetchrow(
            """select (select count(*) from ledger.wallet), (select count(*) from ledger.movement),
                      (select count(*) from ledger.lot), (select count(*) from ledger.purchase)"""
        )
    wallets, movements, lots, purchases = counted or (0, 0, 0, 0)
    return Verification(wallets, movements, lots, purchases, findings)
