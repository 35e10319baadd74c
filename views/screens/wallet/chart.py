"""Cashback by month: twelve months, each with its figure."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import flet as ft

from contract.money import Money, total
from contract.months import Month, Months
from services.texts import Texts
from views.hooks import use_value
from views.reading import use_reading
from views.session import use_client, use_now, use_session, use_texts, use_width
from views.state import use_slice
from views.tokens import Color, Space
from views.ui.bars import Bar, bars
from views.ui.buttons import quiet
from views.ui.cards import card
from views.ui.ring import share_bp
from views.ui.rows import section
from views.ui.words import caption, label

MONTHS = 12
FEW = 6
"""Months on a phone, until all are asked for."""
_HOUR = 3600.0


@ft.component
def ByMonth() -> ft.Control:
    """What the purchases of each month kept, from this device or else from the API; nothing before there is any."""
    session, client, texts, width = use_session(), use_client(), use_texts(), use_width()
    wallet, now = use_slice(session.store.balance).wallet, use_now(_HOUR)
    every, set_every = use_value(False)
    version = None if wallet is None else wallet.version
    reading = use_reading(client.books.kept_months, client.books.fresh_months, "months", since=version)
    if reading.value is None or not reading.value.items:
        return ft.Container(height=Space.NONE)
    year = last_months(reading.value, now)
    shown = year if every or width == "expanded" else year[-FEW:]
    kept = total((month.earned for month in year), reading.value.currency)
    parts: list[ft.Control] = [
        label(texts.t("{amount} in the last 12 months", amount=texts.money(kept)), Color.BRAND),
        bars(_bars(texts, shown, now)),
    ]
    if width != "expanded":
        name = texts.t("Show fewer months") if every else texts.t("Show 12 months")
        icon = ft.Icons.EXPAND_LESS if every else ft.Icons.EXPAND_MORE
        parts.append(ft.Row([quiet(name, lambda: set_every(not every), icon=icon, flush=True)]))
    parts.append(caption(texts.t("What your purchases of each month earned, less what returns took back.")))
    return ft.Column(
        [section(texts.t("Cashback by month")), card(ft.Column(parts, spacing=Space.M, tight=True))],
        spacing=Space.S,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def last_months(told: Months, now: datetime) -> list[Month]:
    """The twelve months up to this one, oldest first; one without purchases is all zero."""
    nothing = Money(amount=0, currency=told.currency)
    known = {month.month: month for month in told.items}
    here = now.astimezone(ZoneInfo(told.timezone))
    newest = here.year * 12 + here.month - 1
    names = [f"{at // 12:04}-{at % 12 + 1:02}" for at in range(newest - MONTHS + 1, newest + 1)]
    empty = [Month(month=name, purchases=0, total=nothing, earned=nothing, redeemed=nothing) for name in names]
    return [known.get(month.month, month) for month in empty]


def _bars(texts: Texts, months: list[Month], now: datetime) -> list[Bar]:
    most = max((month.earned.amount for month in months), default=0)
    return [_bar(texts, month, most, month is months[-1]) for month in months]


def _bar(texts: Texts, month: Month, most: int, newest: bool) -> Bar:
    year, number = (int(part) for part in month.month.split("-"))
    middle = datetime(year, number, 15, 12, tzinfo=UTC)
    spoken = texts.n(
        "{month}: {amount} from {n} purchase",
        "{month}: {amount} from {n} purchases",
        month.purchases,
        month=texts.month_heading(middle),
        amount=texts.money(month.earned),
    )
    share = share_bp(max(0, month.earned.amount), most)
    return Bar(texts.short_month(middle), share, texts.money(month.earned), spoken, newest)
