"""How a till stands without a network: what it sells by and how old that is, within which limits, and its clock."""

from __future__ import annotations

from datetime import datetime

import flet as ft

from services.state import TillStatus
from services.texts import Texts
from views.session import use_session, use_texts
from views.state import use_slice
from views.tokens import Space
from views.ui.cards import card
from views.ui.chips import line
from views.ui.notices import notice


def standing(texts: Texts, status: TillStatus, now: datetime) -> ft.Control:
    """What the till can do by itself."""
    if status.kit_at is None:
        said = texts.t("This till cannot sell without a network yet. It needs to be online once.")
        return card(line(ft.Icons.CLOUD_OFF_OUTLINED, said))
    age = texts.ago(status.kit_at, now)
    lines = [
        line(
            ft.Icons.CLOUD_DONE_OUTLINED,
            texts.t("This till can sell without a network. Its offers are from {age}.", age=age),
        )
    ]
    if status.shelf_at is not None:
        age = texts.ago(status.shelf_at, now)
        said = texts.n("{n} product, from {age}.", "{n} products, from {age}.", status.products, age=age)
        lines.append(line(ft.Icons.INVENTORY_2_OUTLINED, said))
    lines.append(line(ft.Icons.NORTH_EAST, limits(texts, status)))
    return card(ft.Column(lines, spacing=Space.S, tight=True))


def limits(texts: Texts, status: TillStatus) -> str:
    """How much may be spent without a network."""
    if not status.spend_each or status.spend_left is None:
        return texts.t("No cashback can be spent without a network.")
    return texts.t(
        "Offline: up to {each} a customer; {left} left at this till.",
        each=texts.money(status.spend_each),
        left=texts.money(status.spend_left),
    )


@ft.component
def ClockNotice() -> ft.Control:
    """That the till's clock is wrong, and how far; nothing while it is right."""
    session, texts = use_session(), use_texts()
    said = clock(texts, use_slice(session.store.till))
    if not said:
        return ft.Container(height=Space.NONE)
    box = notice(said, icon=ft.Icons.MORE_TIME)
    return ft.Container(content=box, padding=ft.Padding.only(top=Space.M))


def clock(texts: Texts, status: TillStatus) -> str:
    """How far the till's clock is off, in minutes, hours or days, and that its receipts are right all the same."""
    minutes = round(abs(status.clock_off.total_seconds()) / 60)
    if not minutes:
        return ""
    ahead = status.clock_off.total_seconds() > 0
    if minutes < 120:
        first = (
            texts.n("This till's clock is {n} minute ahead.", "This till's clock is {n} minutes ahead.", minutes)
            if ahead
            else texts.n("This till's clock is {n} minute behind.", "This till's clock is {n} minutes behind.", minutes)
        )
    else:
        hours = round(minutes / 60)
        first = (
            texts.n("This till's clock is {n} hour ahead.", "This till's clock is {n} hours ahead.", hours)
            if ahead
            else texts.n("This till's clock is {n} hour behind.", "This till's clock is {n} hours behind.", hours)
        )
    return first + " " + texts.t("Receipts get the right time all the same. Set the clock when you can.")
