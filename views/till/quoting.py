"""The live quote: what the basket earns and may spend, asked again shortly after each change."""

from __future__ import annotations

from dataclasses import dataclass

from contract.errors import Problem
from contract.till import TillQuote
from services.till import Draft
from views.commands import problem_of
from views.session import use_client, use_session, use_task
from views.state import use_slice
from views.till.hooks import use_value

PAUSE = 0.2
"""Seconds without a change before the quote is asked."""


@dataclass(frozen=True, slots=True)
class LiveQuote:
    """The newest quote with the basket that it is about."""

    quote: TillQuote | None = None
    of: Draft | None = None
    problem: Problem | None = None

    def fresh(self, draft: Draft | None) -> TillQuote | None:
        """The quote, when it is about this very basket."""
        return self.quote if draft is not None and self.of == draft else None


def use_quote(draft: Draft | None) -> LiveQuote:
    """The quote of a basket. The old one stays while a new one is asked for; the network's return asks again."""
    session, client = use_session(), use_client()
    connection = use_slice(session.store.link).connection
    live, set_live = use_value(LiveQuote())

    async def ask() -> None:
        if draft is None:
            set_live(LiveQuote())
            return
        await session.sleep(PAUSE)
        try:
            quote = await client.till.quote(draft)
        except Exception as error:
            set_live(LiveQuote(live.quote, live.of, problem_of(error)))
        else:
            set_live(LiveQuote(quote, draft))

    use_task(ask, [draft, connection])
    return live
