"""Whether receipts of a few programmes stand in each other's way: no row is a programme's own."""

from __future__ import annotations

import asyncpg

from api.ledger.repository import BUCKETS
from tests.bench.chain import make_chain
from tests.bench.figures import Figure, measure
from tests.bench.pairs import Pair, in_turns
from tests.bench.receipts import posting
from tests.bench.stage import Stage

_HOT, _UNIFORM = 24, 2_400
_BUDGETS = "select ledger.set_budget(programme_id, 'base', 1000000000000, $1) from programme"


@measure("hot")
async def hot_programmes(stage: Stage) -> list[Figure]:
    """The accrual function over 24 programmes, beside 2,400; the second time every receipt charges a budget."""
    plain = await _measured(stage, budgeted=False)
    budgeted = await _measured(stage, budgeted=True)
    note = plain.note(f"{_HOT}", f"{_UNIFORM:,}")
    note_budgeted = budgeted.note(f"{_HOT}", f"{_UNIFORM:,}")
    return [
        Figure(f"{_HOT} hot programmes", plain.rate, "x uniform", 0.9, 1.0, note=note),
        Figure("the same, each receipt charging a budget", budgeted.rate, "x uniform", note=note_budgeted),
    ]


async def _measured(stage: Stage, *, budgeted: bool) -> Pair:
    async with stage.database("hot") as few, stage.database("uniform") as many:
        hot = await make_chain(few, programmes=_HOT)
        uniform = await make_chain(many, programmes=_UNIFORM)
        if budgeted:
            for connections in (few, many):
                connection = await asyncpg.connect(connections.owner_dsn)
                try:
                    await connection.execute(_BUDGETS, BUCKETS)
                    await connection.execute("vacuum analyze ledger.budget")
                finally:
                    await connection.close()
        ours, other = posting(stage, hot, budgeted=budgeted), posting(stage, uniform, budgeted=budgeted)
        return await in_turns(ours, other, stage.rounds if not budgeted else max(2, stage.rounds // 2))
