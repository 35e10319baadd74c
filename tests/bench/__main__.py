"""The benchmark table: `make bench`. Machines are noisy, so ratios count, each pair measured in turns in one run.

python -m tests.bench [NAME ...] [--quick]
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import os
import sys
import time
from pathlib import Path

import uvloop
from rich.console import Console
from rich.table import Table

from tests.bench.figures import MEASURES, Figure
from tests.bench.stage import open_stage

RESULTS = Path("bench-results.json")
_MODULES = (
    "quotes",
    "identify",
    "large",
    "receipts",
    "batches",
    "reads",
    "hot",
    "storage",
    "imports",
    "tills",
    "browser",
    "scrolling",
    "tabs",
)


async def run(names: list[str], *, quick: bool, console: Console) -> tuple[list[Figure], bool]:
    """Measure, one after the other; the figures, and whether every measure could be made."""
    figures, whole = [], True
    async with open_stage(quick=quick) as stage:
        for name in names:
            began = time.perf_counter()
            try:
                with console.status(f"{name} ..."):
                    figures += await MEASURES[name](stage)
            except Exception:  # the others still say what they found
                console.print_exception(max_frames=5)
                whole = False
            console.print(f"{name}: {time.perf_counter() - began:.0f} s", style="dim")
    return figures, whole


def table_of(figures: list[Figure]) -> Table:
    """The figures for a reader."""
    table = Table("what", "value", "unit", "floor", "aim", "", "measured")
    for each in figures:
        sign = {True: "holds", False: "[red]falls short[/red]", None: ""}[each.holds]
        bound = "at least" if each.better == "more" else "at most"
        floor = "" if each.floor is None else f"{bound} {each.floor:g}"
        aim = "" if each.aim is None else f"{each.aim:g}"
        table.add_row(each.name, f"{each.value:,.2f}", each.unit, floor, aim, sign, each.note)
    return table


def main() -> None:
    """Measure, print the table, keep the figures."""
    for module in _MODULES:
        importlib.import_module(f"tests.bench.{module}")
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(MEASURES)}; all by default")
    parser.add_argument("--quick", action="store_true", help="short turns: shows that it works; figures mean little")
    given = parser.parse_args()
    unknown = sorted(set(given.names) - set(MEASURES))
    if unknown:
        parser.error(f"there is no measure {', '.join(unknown)}; there are {', '.join(MEASURES)}")
    console = Console(width=None if sys.stdout.isatty() else 160)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        figures, whole = runner.run(run(given.names or list(MEASURES), quick=given.quick, console=console))
    RESULTS.write_text(json.dumps([each.record for each in figures], indent=1) + "\n")
    console.print(table_of(figures))
    load = f"{os.cpu_count()} processors; the machine's load in the last 5 minutes: {os.getloadavg()[1]:.1f}"
    console.print(f"{RESULTS} is written. {load}.")
    raise SystemExit(0 if whole else 1)


if __name__ == "__main__":
    main()
