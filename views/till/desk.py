"""The desk behind the basket screen: what is known, and what can be done, in one hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import flet as ft

from contract.errors import Problem
from contract.till import TillQuote
from contract.wallet import Receipt
from services.texts import Texts
from services.till import OfflineReceipt
from views.commands import Command, use_command
from views.session import Width, go, use_client, use_session, use_task, use_texts, use_width
from views.state import use_slice
from views.till.asking import Asking, use_asking
from views.till.entry import add_typed
from views.till.field import Typed
from views.till.hooks import use_kept
from views.till.quoting import LiveQuote, use_quote
from views.till.sale import Sale, use_sale

CONFIRM_KEY, SPEND_KEY, REMOVE_KEY = "F9", "F8", "F4"


@dataclass(frozen=True, slots=True)
class Desk:
    """One rendering of the basket screen."""

    texts: Texts
    width: Width
    sale: Sale
    typed: Typed
    currency: str
    live: LiveQuote
    command: Command[Receipt | OfflineReceipt | None]
    asking: Asking
    forward: Callable[[], Awaitable[None]]

    @property
    def fresh(self) -> TillQuote | None:
        """The quote of this very basket."""
        return self.live.fresh(self.sale.draft)

    @property
    def shown(self) -> TillQuote | None:
        """The newest quote, which may be of the basket before the last change."""
        return self.live.quote if self.sale.lines else None

    @property
    def problem(self) -> Problem | None:
        """What stands in the way."""
        return self.command.problem or self.live.problem

    async def key(self, name: str) -> None:
        """A key pressed anywhere on the screen."""
        sale = self.sale
        if self.asking.state == "waiting" or (name == SPEND_KEY and self.asking.state != "none"):
            return  # the panel that tells of it has keys of its own
        if name == "Escape" and not self.command.busy:
            go("/till")
        elif name == CONFIRM_KEY:
            await self.forward()
        elif name == SPEND_KEY:
            sale.choose("none" if sale.spend == "all" else "all")
        elif name == REMOVE_KEY and sale.removed is not None:
            sale.put_back()
        elif name == REMOVE_KEY and sale.lines:
            sale.remove(len(sale.lines) - 1)


def use_desk() -> Desk:
    """The desk; keeps the basket over a restart, and leaves for the scan when nobody is at the till."""
    session, client, texts, width = use_session(), use_client(), use_texts(), use_width()
    sale, typed, asking = use_sale(), use_kept(Typed), use_asking()
    staff = use_slice(session.store.who).staff
    currency = staff.currency if staff is not None else "EUR"
    draft = sale.draft
    live = use_quote(draft)

    async def keep() -> None:
        if draft is not None:
            await client.till.keep_draft(draft)

    def nobody() -> None:
        if not sale.known_as and sale.receipt is None:
            go("/till")

    use_task(keep, [draft])
    ft.use_effect(nobody, [sale.known_as])

    async def confirm() -> Receipt | OfflineReceipt | None:
        asked = sale.draft
        if asked is None:
            raise RuntimeError("confirmed an empty basket")
        quote = live.fresh(asked) or await client.till.quote(asked)
        spends, asks = sale.spends(quote), sale.asks(quote)
        if asks and not await asking.allows(client.confirmations, session.now, sale, quote):
            return None
        receipt = await client.till.confirm(asked, spends.redeem, spends.points, allowed=asks)
        where = sale.finish(receipt)
        await client.till.keep_draft(None)
        go(where)
        return receipt

    command = use_command(confirm)

    async def forward() -> None:
        if typed.text:
            add_typed(sale, typed, texts, currency, client.shelf)
        elif sale.lines:
            await command.run()

    return Desk(texts, width, sale, typed, currency, live, command, asking, forward)
