"""The right side of the till: what the basket comes to, what would earn more, and how much cashback is spent."""

from __future__ import annotations

import flet as ft

from contract.money import Money
from contract.till import TillQuote
from services.offline_sales import OfflineQuote
from services.texts import Texts
from views.session import use_texts
from views.till.parts import figure
from views.till.sale import use_sale
from views.tokens import Color, Size, Space
from views.ui.cards import divider
from views.ui.notices import notice
from views.ui.words import caption, label


@ft.component
def Figures(quote: TillQuote | None, fresh: bool, currency: str, short: bool = False) -> ft.Control:
    """Total, earned, spent, to pay; ``short`` is what it earns and may spend on one line."""
    texts, sale = use_texts(), use_sale()
    total = Money(amount=sale.total, currency=currency)
    if quote is None or not sale.lines:
        return figure(texts.t("Total"), texts.money(total), strong=True)
    spent, least = sale.spends(quote).amount, isinstance(quote, OfflineQuote)
    if short:
        figures = {"earned": texts.money(quote.quote.earned), "spend": texts.money(quote.may_spend)}
        said = texts.t("earns {earned}, may spend {spend}", **figures)
        if least:
            said = texts.t("earns at least {earned}, may spend {spend}", **figures)
        return ft.Container(content=label(said, Color.BRAND), opacity=1.0 if fresh else 0.6)
    rows: list[ft.Control] = [
        figure(texts.t("Total"), texts.money(total)),
        figure(
            texts.t("Earns at least") if least else texts.t("Earns"),
            texts.money(quote.quote.earned, signed=True),
            tone=Color.BRAND,
            icon=ft.Icons.SOUTH_WEST,
        ),
        *([caption(texts.t("It may come to more once this till is online."))] if _more(quote) else []),
        figure(texts.t("May spend"), texts.money(quote.may_spend)),
    ]
    if spent:
        less = Money(amount=-spent, currency=currency)
        rows.append(figure(texts.t("Spends"), texts.money(less, signed=True), icon=ft.Icons.NORTH_EAST))
    to_pay = Money(amount=max(total.amount - spent, 0), currency=currency)
    rows += [divider(), figure(texts.t("To pay"), texts.money(to_pay), strong=True)]
    return ft.Column(rows, spacing=Space.M, tight=True, opacity=1.0 if fresh else 0.6)


def _more(quote: TillQuote) -> bool:
    return isinstance(quote, OfflineQuote) and quote.more


def hints(texts: Texts, quote: TillQuote | None, short: bool = False) -> list[ft.Control]:
    """What the cashier may say aloud: how little more would earn more."""
    if quote is None:
        return []
    said = [texts.hint(hint) for hint in quote.quote.hints[:1]]
    if not short:
        return [notice(sentence, icon=ft.Icons.CAMPAIGN_OUTLINED) for sentence in said]
    mark = ft.Icon(ft.Icons.CAMPAIGN_OUTLINED, color=Color.WARM, size=Size.ICON - Space.XS)
    return [
        ft.Row([mark, ft.Container(content=label(sentence, Color.WARM), expand=True)], spacing=Space.S)
        for sentence in said
    ]
