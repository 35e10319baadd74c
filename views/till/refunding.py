"""Which lines come back, and what that would do: asked of the API while it is chosen."""

from __future__ import annotations

from dataclasses import dataclass

from contract.errors import Problem
from contract.till import RefundLine
from contract.wallet import Purchase, RefundReceipt
from views.commands import problem_of
from views.session import use_client, use_session, use_task
from views.till.hooks import use_value

PAUSE = 0.2

Chosen = tuple[tuple[int, int], ...]
"""(line, pieces), in the order of the lines; lines that stay are left out."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The effect of a refund, and of which lines."""

    effect: RefundReceipt | None = None
    of: Chosen | None = None
    problem: Problem | None = None


def everything(purchase: Purchase) -> Chosen:
    """All that has not come back yet."""
    left = ((line.line, line.quantity - line.refunded_quantity) for line in purchase.lines)
    return tuple((line, pieces) for line, pieces in left if pieces > 0)


def as_lines(chosen: Chosen, purchase: Purchase) -> list[RefundLine] | None:
    """What the API is asked: no lines for the whole of a purchase."""
    if chosen == everything(purchase) and not purchase.refunds:
        return None
    return [RefundLine(line=line, quantity=pieces) for line, pieces in chosen]


def with_pieces(chosen: Chosen, line: int, pieces: int) -> Chosen:
    """The choice with another number of pieces of one line."""
    others = {number: count for number, count in chosen if number != line}
    return tuple(sorted({**others, **({line: pieces} if pieces > 0 else {})}.items()))


def use_preview(purchase: Purchase | None, chosen: Chosen) -> Preview:
    """The effect of taking these lines back, asked again shortly after each change. Writes nothing."""
    client, session = use_client(), use_session()
    preview, set_preview = use_value(Preview())

    async def ask() -> None:
        if purchase is None or not chosen:
            set_preview(Preview())
            return
        await session.sleep(PAUSE)
        try:
            effect = await client.till.preview_refund(purchase.purchase_id, as_lines(chosen, purchase))
        except Exception as error:
            set_preview(Preview(problem=problem_of(error)))
        else:
            set_preview(Preview(effect, chosen))

    use_task(ask, [chosen, purchase.version if purchase is not None else None])
    return preview
