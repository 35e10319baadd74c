"""Whether receipts of a few programmes stand in each other's way: no row is a programme's own."""

from __future__ import annotations

from api.ledger.repository import BUCKETS
from tests.bench.chain import make_chain
from tests.bench.figures import Figure, measure
from tests.bench.pairs import in_turns
from tests.bench.receipts import posting
from tests.bench.stage import Stage, execute

_HOT, _UNIFORM = 24, 2_400
_BUDGETS = "select ledger.set_budget(programme_id, 'base', 1000000000000, $1) from programme"


@measure("hot")
async def hot_programmes(stage: Stage) -> list[Figure]:
    """The accrual function over 24 programmes, beside 2,400; the second time every receipt charges a budget."""
    async with stage.database("hot") as few, stage.database("uniform") as many:
        hot = await make_chain(few, programmes=_HOT)
        uniform = await make_chain(many, programmes=_UNIFORM)
        plain = await in_turns(posting(stage, hot), posting(stage, uniform), stage.rounds)
        for connections in (few, many):
            await execute(connections.owner_dsn, _BUDGETS, arguments=(BUCKETS,))
            await execute(connections.owner_dsn, "vacuum analyze ledger.budget")
        ours, other = (posting(stage, chain, budgeted=True) for chain in (hot, uniform))
        budgeted = await in_turns(ours, other, max(2, stage.rounds // 2))
    names = (f"{_HOT}", f"{_UNIFORM:,}")
    return [
        Figure(f"{_HOT} hot programmes", plain.rate, "x uniform", 0.9, 1.0, note=plain.note(*names)),
        Figure(
            f"{_HOT} hot programmes, each receipt charging a budget",
            budgeted.rate,
            "x uniform",
            note=budgeted.note(*names),
        ),
    ]
