"""The member is asked on her own device whether so much may be spent; the till waits, and has a way round."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import flet as ft

from contract.money import Money
from contract.till import TillQuote
from services.confirmations import Confirmations
from views.session import Now, use_client, use_now, use_task, use_texts
from views.till.hooks import use_kept, use_watched
from views.till.keys import use_keys
from views.till.parts import has_keyboard, with_key
from views.till.sale import Sale, Spends, use_sale
from views.tokens import Color, Size, Space
from views.ui.buttons import quiet, secondary
from views.ui.cards import card
from views.ui.notices import notice
from views.ui.ring import ring, share_bp
from views.ui.words import body, caption

LESS_KEY = "F8"
AskingState = Literal["none", "waiting", "refused", "expired"]


@ft.observable
@dataclass(eq=False)
class Asking:
    """One request at a time, and what came of the last."""

    state: AskingState = "none"
    amount: Money | None = None
    since: datetime | None = None
    until: datetime | None = None
    identification: str = ""
    allowed: Spends | None = None
    _id: str = ""
    _waiting: asyncio.Task[object] | None = None

    def covers(self, identification: str, spends: Spends) -> bool:
        """Whether the member at the till has allowed as much."""
        allowed = self.allowed if self.identification == identification else None
        return allowed is not None and spends.redeem <= allowed.redeem and spends.points <= allowed.points

    async def allows(self, confirmations: Confirmations, now: Now, sale: Sale, quote: TillQuote) -> bool:
        """Whether a sale may be confirmed: at once, or once she has allowed it, if the sale is the same by then."""
        draft, spends = sale.draft, sale.spends(quote)
        if self.covers(sale.known_as, spends):
            return True
        allowed = await self._ask(confirmations, now, sale.known_as, spends)
        return allowed and sale.draft == draft and sale.spends(quote) == spends

    async def _ask(self, confirmations: Confirmations, now: Now, identification: str, spends: Spends) -> bool:
        """Ask and wait; True once it is allowed, False where it is not, or was stopped. Raises Offline or Refused."""
        self.identification, self.allowed = identification, None
        asked = await confirmations.ask(identification, spends.redeem, spends.points)
        self._id, self.amount, self.state = asked.confirmation_id, asked.amount, "waiting"
        self.since = now()
        self.until = self.since + (asked.answer_by - asked.asked_at)
        waiting = asyncio.ensure_future(confirmations.settled(asked))
        self._waiting = waiting
        try:
            done = await waiting
        except asyncio.CancelledError:
            if self._waiting is waiting:  # it is this screen that goes, not the request
                raise
            return False
        except Exception:
            self.state = "none"
            raise
        if done.state == "allowed":
            self.allowed = spends
        over: dict[str, AskingState] = {"refused": "refused", "expired": "expired"}
        self.state = over.get(done.state, "none")
        return done.state == "allowed"

    def stop(self) -> str:
        """Wait no more; the id of the request to take back, empty where none waits."""
        waiting, self._waiting = self._waiting, None
        was, self.state = self.state, "none"
        if was != "waiting" or waiting is None:
            return ""
        waiting.cancel()
        return self._id


def use_asking() -> Asking:
    """The requests of this screen; one that waits for a customer who has gone is taken back."""
    client, sale, asking = use_client(), use_sale(), use_watched(use_kept(Asking))

    async def let_go() -> None:
        if asking.identification != sale.known_as and (waiting := asking.stop()):
            await client.confirmations.withdraw(waiting)

    use_task(let_go, [sale.known_as])
    return asking


@ft.component
def AskingPanel(asking: Asking, limit: Money | None) -> ft.Control:
    """While the member is asked: for how long still, and the ways round; afterwards what came of it."""
    texts, client = use_texts(), use_client()
    asking, sale, keys = use_watched(asking), use_sale(), has_keyboard(ft.context.page)

    async def stop() -> None:
        confirmation_id = asking.stop()
        if confirmation_id:
            await client.confirmations.withdraw(confirmation_id)

    async def less() -> None:
        least = limit.amount if limit is not None else 0
        sale.use_points(False)
        sale.choose("exact" if least else "none", least)
        await stop()

    async def key(name: str) -> None:
        if asking.state != "none" and name == LESS_KEY:
            await less()
        elif asking.state == "waiting" and name == "Escape":
            await stop()

    use_keys(key)
    if asking.state == "none" or asking.amount is None:
        return ft.Container(height=Space.NONE)
    amount = texts.money(asking.amount)
    instead = texts.t("Spend nothing instead")
    if limit:
        instead = texts.t("Spend up to {amount} instead", amount=texts.money(limit))
    ways: list[ft.Control] = [secondary(with_key(instead, LESS_KEY, keys), less)]
    if asking.state == "waiting":
        said = texts.t("Waiting for {name} to allow {amount} in the app.", name=sale.member_name, amount=amount)
        ways.append(quiet(with_key(texts.t("Stop asking"), "Esc", keys), stop))
        head: ft.Control = ft.Row(
            [Left(asking), ft.Semantics(content=body(said), live_region=True, container=True, expand=True)],
            spacing=Space.L,
        )
    elif asking.state == "refused":
        head = notice(texts.t("{name} did not allow {amount}.", name=sale.member_name, amount=amount))
    else:
        head = notice(texts.t("There was no answer in time. Ask again, or spend less."))
    stretched = ft.CrossAxisAlignment.STRETCH
    column = ft.Column([head, *ways], spacing=Space.S, tight=True, horizontal_alignment=stretched)
    return card(column, tone=Color.CARD_RAISED) if asking.state == "waiting" else column


@ft.component
def Left(asking: Asking) -> ft.Control:
    """The seconds that are left, in a ring that empties."""
    texts, now = use_texts(), use_now(1.0)
    if asking.until is None or asking.since is None:
        return ft.Container(height=Space.NONE)
    whole = (asking.until - asking.since).total_seconds()
    left = max(0.0, (asking.until - now).total_seconds())
    share = share_bp(round(left * 1000), round(whole * 1000))
    words = texts.n("{n} second left", "{n} seconds left", round(left))
    inside = caption(str(round(left)), Color.TEXT)
    return ring(share, words, size=Size.TARGET, stroke=Size.RING_SMALL_STROKE, inside=inside)
