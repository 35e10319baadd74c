"""How long the calculator takes for a large basket, and how that grows with lines and with campaigns."""

from __future__ import annotations

from tests.bench.figures import Figure, measure
from tests.bench.stage import Stage
from tests.contract.quote_speed import basket, campaigns, crowded, live, milliseconds


@measure("quotes")
async def large_basket(_stage: Stage) -> list[Figure]:
    """contract.rules.quote of 40 lines against 200 live campaigns; the least time of many, as the machine is shared."""

    def least(lines: int, count: int, kind=live) -> float:
        return milliseconds(basket(lines), campaigns(count, kind))[0]

    whole = least(40, 200)
    return [
        Figure("a quote of 40 lines, 200 campaigns", whole, "ms", 5.0, 3.0, "less", _middle(40, 200)),
        Figure("a quote of 80 lines instead of 40", least(80, 200) / whole, "x", better="less"),
        Figure("a quote with 400 campaigns instead of 200", least(40, 400) / whole, "x", better="less"),
        Figure("a quote that half of the campaigns give to", least(40, 200, crowded), "ms", better="less"),
    ]


def _middle(lines: int, count: int) -> str:
    return f"middle of many: {milliseconds(basket(lines), campaigns(count, live))[1]:.2f} ms"
