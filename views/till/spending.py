"""How much of the cashback, and whether points, pay for the basket: pills, a slider of whole units, an exact field."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from contract.money import Money, decimals
from contract.till import TillQuote
from services.texts import Texts
from views.session import use_texts
from views.till.field import typing_field, use_port
from views.till.hooks import use_value
from views.till.parts import choice
from views.till.sale import Sale, parse_amount, use_sale
from views.tokens import Color, Size, Space
from views.ui.words import caption, label

_STEPS = 1_000
"""Of the slider, at most: above that many units it goes in larger steps."""


@ft.component
def SpendChoice(quote: TillQuote | None, currency: str, roomy: bool) -> ft.Control:
    """Nothing, all that may be, or an amount: on the slider, or typed. Without much room the slider waits for that."""
    texts, sale = use_texts(), use_sale()
    wrong, set_wrong = use_value("")
    version, set_version = use_value(0)
    most = Money(amount=sale.most_cashback(quote) if quote is not None else 0, currency=currency)

    def exact(typed: str) -> None:
        amount = 0 if not typed else parse_amount(typed, currency)
        if amount is None:
            set_wrong(texts.t("Type an amount such as 12.50."))
        elif amount > most.amount:
            set_wrong(texts.t("At most {amount} may be spent on this basket.", amount=texts.money(most)))
        else:
            set_wrong("")
        sale.choose("exact", amount or 0)

    def slid(amount: int, let_go: bool) -> None:
        set_wrong("")
        sale.choose("exact", amount)
        if let_go:
            set_version(version + 1)  # the field begins anew, with that amount in it

    port = use_port(on_text=exact)
    if not sale.lines or (quote is None and sale.spend == "none"):  # nothing to pay for, or not known yet
        return ft.Container(height=Space.NONE)
    if not most and sale.spend == "none" and not (quote is not None and quote.may_spend_points):
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
    parts: list[ft.Control] = [row]
    if most and (roomy or sale.spend == "exact"):
        amount = most.amount if sale.spend == "all" else sale.exact if sale.spend == "exact" else 0
        parts.append(_slider(texts, min(amount, most.amount), most, slid))
    if sale.spend == "exact":
        parts.append(
            typing_field(
                port,
                texts.t("Cashback to spend"),
                version=version,
                autofocus=version == 0,
                numeric=True,
                start=_plain(sale.exact, currency) if sale.exact else "",
            )
        )
        parts += [caption(wrong, Color.ERROR)] if wrong else []
    if quote is not None:
        parts += [*_points(texts, sale, quote), *_asked_first(texts, sale, quote)]
    stretched = ft.CrossAxisAlignment.STRETCH
    return ft.Column(parts, spacing=Space.S, tight=True, horizontal_alignment=stretched)


def _slider(texts: Texts, amount: int, most: Money, slid: Callable[[int, bool], None]) -> ft.Control:
    """From nothing to all that may be spent, in whole units of the currency; the last step is what is left of one."""
    step = step_of(most)
    steps = -(-most.amount // step)

    def changed(event: ft.Event[ft.Slider]) -> None:
        slid(at_step(event.control.value or 0, most), False)

    def let_go(event: ft.Event[ft.Slider]) -> None:
        slid(at_step(event.control.value or 0, most), True)

    shown = texts.money(Money(amount=amount, currency=most.currency))
    slider = ft.Slider(
        min=0,
        max=steps,
        divisions=steps,
        value=steps if amount >= most.amount else amount / step,
        label=shown,
        on_change=changed,
        on_change_end=let_go,
        height=Size.TARGET,
        padding=ft.Padding.symmetric(horizontal=Space.S),
    )
    return ft.Semantics(content=slider, label=f"{texts.t('Cashback to spend')}: {shown}")


def step_of(most: Money) -> int:
    """One step of the slider in minor units: a unit of the currency, or more of them where there are very many."""
    unit: int = 10 ** decimals(most.currency)
    return unit * max(1, -(-most.amount // (unit * _STEPS)))


def at_step(value: float, most: Money) -> int:
    """The amount at a step of the slider, in minor units."""
    return min(round(value) * step_of(most), most.amount)


def _points(texts: Texts, sale: Sale, quote: TillQuote) -> list[ft.Control]:
    """What the member's points would pay, and whether they do."""
    points, worth = quote.may_spend_points, quote.points_worth
    if not points or not worth:
        return []

    def toggle() -> None:
        sale.use_points(not sale.points)
        if sale.spend == "exact" and sale.exact > sale.most_cashback(quote):
            sale.choose("all")

    count = texts.n("{n} point", "{n} points", points.amount)
    said = f"{count} = {texts.money(worth)}"
    use = choice(texts.t("Use points"), sale.points, toggle, icon=ft.Icons.STARS_OUTLINED)
    return [ft.Row([label(said), use], spacing=Space.M, run_spacing=Space.S, wrap=True)]


def _asked_first(texts: Texts, sale: Sale, quote: TillQuote) -> list[ft.Control]:
    """What happens at the confirm, where the member has to allow it."""
    limit = quote.spend_limit
    if limit is None or not sale.asks(quote):
        return []
    if not limit:
        return [caption(texts.t("The member has to allow it in the app first."))]
    said = texts.t("Above {amount} the member has to allow it in the app first.", amount=texts.money(limit))
    return [caption(said)]


def _plain(amount: int, currency: str) -> str:
    """An amount as it is typed."""
    whole, part = divmod(amount, 10 ** decimals(currency))
    return f"{whole}.{part:0{decimals(currency)}d}" if part else str(whole)
