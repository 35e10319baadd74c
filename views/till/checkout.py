"""The right side of the till: what the basket comes to, what would earn more, and how much cashback is spent."""

from __future__ import annotations

import flet as ft

from contract.money import Money
from contract.till import TillQuote
from services.texts import Texts
from services.till_offline import OfflineQuote
from views.session import use_texts
from views.till.field import typing_field, use_port
from views.till.hooks import use_value
from views.till.parts import choice, figure
from views.till.sale import parse_amount, use_sale
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
    redeem, least = sale.redeem(quote), isinstance(quote, OfflineQuote)
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
    if redeem:
        spent = Money(amount=-redeem, currency=currency)
        rows.append(figure(texts.t("Spends"), texts.money(spent, signed=True), icon=ft.Icons.NORTH_EAST))
    to_pay = Money(amount=max(total.amount - redeem, 0), currency=currency)
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


@ft.component
def SpendChoice(quote: TillQuote | None, currency: str) -> ft.Control:
    """Nothing, all that may be, or an exact amount."""
    texts, sale = use_texts(), use_sale()
    wrong, set_wrong = use_value("")
    most = quote.may_spend if quote is not None else Money(amount=0, currency=currency)

    def exact(typed: str) -> None:
        amount = 0 if not typed else parse_amount(typed, currency)
        if amount is None:
            set_wrong(texts.t("Type an amount such as 12.50."))
        elif amount > most.amount:
            set_wrong(texts.t("At most {amount} may be spent on this basket.", amount=texts.money(most)))
        else:
            set_wrong("")
        sale.choose("exact", amount or 0)

    port = use_port(on_text=exact)
    if not sale.lines:
        return ft.Container(height=Space.NONE)
    if quote is None and sale.spend == "none":  # not known yet
        return ft.Container(height=Space.NONE)
    if not most and sale.spend == "none":
        return caption(texts.t("No cashback can be spent on this basket."))
    row = ft.Row(
        [
            label(texts.t("Spend")),
            choice(texts.t("Nothing"), sale.spend == "none", lambda: sale.choose("none")),
            choice(texts.money(most), sale.spend == "all", lambda: sale.choose("all")),
            choice(texts.t("Other"), sale.spend == "exact", lambda: sale.choose("exact")),
        ],
        spacing=Space.S,
        run_spacing=Space.S,
        wrap=True,
    )
    if sale.spend != "exact":
        return row
    field = typing_field(port, texts.t("Cashback to spend"), autofocus=True, numeric=True)
    said = [caption(wrong, Color.ERROR)] if wrong else []
    stretched = ft.CrossAxisAlignment.STRETCH
    return ft.Column([row, field, *said], spacing=Space.M, tight=True, horizontal_alignment=stretched)
