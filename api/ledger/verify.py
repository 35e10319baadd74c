"""Checks that every balance is what its movements and lots say. Any operator can run it; it only reads."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any


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


async def verify(connection: Any, *more: Any) -> Verification:
    """Check every rule in one snapshot; each finding holds the first row that breaks it.

    `more` connections share the work, in the same snapshot; those rules that sort all movements are split by members.
    """
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(connection.transaction(isolation="repeatable_read", readonly=True))
        snapshot = await connection.fetchval("select pg_export_snapshot()") if more else None
        for each in more:
            await stack.enter_async_context(each.transaction(isolation="repeatable_read", readonly=True))
            await each.execute(f"set transaction snapshot '{snapshot}'")
        for each in (connection, *more):
            await each.execute(_AT_SCALE)
        ranges = await _ranges(connection, 2 * len(more)) if more else ["true"]
        work = deque(_queries(ranges))
        broken: dict[str, dict[str, Any]] = {}
        seconds = dict.fromkeys(rules(), 0.0)
        await asyncio.gather(*(_work_off(each, work, broken, seconds) for each in (connection, *more)))
        counted = await connection.fetchrow(
            """select (select count(*) from ledger.wallet), (select count(*) from ledger.movement),
                      (select count(*) from ledger.lot), (select count(*) from ledger.purchase)""",
            timeout=_NO_LIMIT,
        )
    wallets, movements, lots, purchases = counted or (0, 0, 0, 0)
    findings = [Finding(rule, broken[rule]) for rule in seconds if rule in broken]
    return Verification(wallets, movements, lots, purchases, findings, seconds)


def _queries(ranges: Sequence[str]) -> list[tuple[str, str]]:
    """Each rule with a query for its first broken row, one for each range where it can be split; these come first."""
    split: list[tuple[str, str]] = []
    whole: list[tuple[str, str]] = []
    for rule, statement in rules().items():
        divides = "{members}" in statement
        for members in ranges if divides else ranges[:1]:
            part = statement.replace("{members}", members)
            # materialized: planned for all rows, where a bare limit 1 would be planned to find one soon
            query = f"with broken as materialized ({part}) select * from broken limit 1"  # noqa: S608
            (split if divides else whole).append((rule, query))
    return split + whole


async def _work_off(
    connection: Any, work: deque[tuple[str, str]], broken: dict[str, dict[str, Any]], seconds: dict[str, float]
) -> None:
    while work:
        rule, query = work.popleft()
        began = time.perf_counter()
        row = await connection.fetchrow(query, timeout=_NO_LIMIT)
        seconds[rule] += time.perf_counter() - began
        if row is not None:
            broken.setdefault(rule, dict(row))


async def _ranges(connection: Any, parts: int) -> list[str]:
    """Conditions that divide all members into about equal parts."""
    places = [place / parts for place in range(1, parts)]
    found = await connection.fetchval(
        "select percentile_disc($1::float8[]) within group (order by member_id) from ledger.wallet",
        places,
        timeout=_NO_LIMIT,
    )
    bounds = sorted({str(bound) for bound in found or () if bound is not None})
    if not bounds:
        return ["true"]
    inner = [f"member_id >= '{low}' and member_id < '{high}'" for low, high in pairwise(bounds)]
    return [f"member_id < '{bounds[0]}'", *inner, f"member_id >= '{bounds[-1]}'"]
