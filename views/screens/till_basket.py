"""The basket of the member at the till: lines, what they earn and may spend, and one confirm."""

from __future__ import annotations

import flet as ft

from contract.errors import ErrorCode
from contract.money import Money
from services.offline_sales import OfflineQuote
from views.commands import WITHOUT_AN_ANSWER
from views.session import go
from views.till.asking import AskingPanel
from views.till.by_hand import ByHand
from views.till.checkout import Figures, hints
from views.till.desk import CONFIRM_KEY, Desk, use_desk
from views.till.entry import Entry
from views.till.hooks import use_watched
from views.till.keys import use_keys
from views.till.lines import Lines
from views.till.member import MemberCard
from views.till.parts import has_keyboard, member_strip, offline_limit, unchecked_strip, with_key
from views.till.sale import parse_amount
from views.till.spending import SpendChoice
from views.tokens import Color, Size, Space
from views.ui.buttons import primary, secondary
from views.ui.keyed import keyed
from views.ui.notices import error_notice
from views.ui.words import caption


@ft.component
def TillBasket() -> ft.Control:
    """On a phone the pad below the lines; on a desktop the basket left, the quote and the confirm right."""
    desk = use_desk()
    use_keys(desk.key)
    return _wide(desk) if desk.width == "expanded" else _narrow(desk)


def _wide(desk: Desk) -> ft.Control:
    left = ft.Column(
        [
            _strip(desk),
            Entry(desk.currency, desk.typed, not has_keyboard(ft.context.page)),
            Lines(desk.currency, desk.fresh),
        ],
        spacing=Space.XL,
        scroll=ft.ScrollMode.AUTO,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        expand=3,
    )
    right = ft.Container(
        content=ft.Column(
            [
                Figures(desk.shown, desk.fresh is not None, desk.currency),
                *(hints(desk.texts, desk.shown) if desk.asking.state == "none" else []),
                *_paying(desk),
                *_trouble(desk),
                *_confirming(desk),
            ],
            spacing=Space.XL,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            scroll=ft.ScrollMode.AUTO,
            tight=True,
        ),
        bgcolor=Color.CARD,
        border_radius=Size.RADIUS,
        padding=Space.XL,
        expand=2,
    )
    return ft.Container(
        content=ft.Row([left, right], spacing=Space.XL, vertical_alignment=ft.CrossAxisAlignment.START, expand=True),
        padding=Space.XL,
        expand=True,
    )


def _narrow(desk: Desk) -> ft.Control:
    middle: list[ft.Control] = [Lines(desk.currency, desk.fresh), *_trouble(desk)]
    earns: list[ft.Control] = []
    if desk.sale.lines and desk.sale.asked is None:  # one thing at a time where there is little room
        hint = hints(desk.texts, desk.shown, short=True) if desk.asking.state == "none" else []
        said = [EarnsLine(desk), *hint]
        earns = [ft.Column(said, spacing=Space.HAIR, tight=True), *_paying(desk)]
    return ft.Container(
        content=ft.Column(
            [
                _strip(desk),
                ft.Column(
                    middle,
                    scroll=ft.ScrollMode.AUTO,
                    expand=True,
                    spacing=Space.S,
                    horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                ),
                *earns,
                *([] if desk.asking.state == "waiting" else [Entry(desk.currency, desk.typed, True)]),
                *_confirming(desk),
            ],
            spacing=Space.S,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            expand=True,
        ),
        padding=ft.Padding.symmetric(horizontal=Space.L, vertical=Space.S),
        expand=True,
    )


def _strip(desk: Desk) -> ft.Control:
    sale = desk.sale
    if sale.is_unchecked:
        return unchecked_strip(desk.texts, sale.member_name, _offline_limit(desk) or sale.offline_most)
    may_spend = desk.shown.may_spend if desk.shown else None
    if sale.identification is not None:
        strip = keyed(MemberCard, sale.known_as, sale.identification, may_spend, desk.width == "expanded")
    else:
        strip = member_strip(desk.texts, sale.member_name, None, may_spend)
    stretched = ft.CrossAxisAlignment.STRETCH
    limit = _offline_limit(desk)
    said = [caption(offline_limit(desk.texts, limit))] if limit is not None else []
    return ft.Column([strip, *said, ByHand()], spacing=Space.NONE, tight=True, horizontal_alignment=stretched)


def _offline_limit(desk: Desk) -> Money | None:
    """What the member may spend while there is no network."""
    return desk.shown.limit if isinstance(desk.shown, OfflineQuote) else None


def _paying(desk: Desk) -> list[ft.Control]:
    """How much is spent; while the member is asked that stays as it is."""
    return [] if desk.asking.state == "waiting" else [SpendChoice(desk.shown, desk.currency, desk.width == "expanded")]


def _confirming(desk: Desk) -> list[ft.Control]:
    """The one action that matters, or, where the member has to allow it first, what came of that so far."""
    limit = desk.shown.spend_limit if desk.shown is not None else None
    panel = AskingPanel(desk.asking, limit)
    if desk.asking.state == "waiting":
        return [panel]
    return [ConfirmButton(desk)] if desk.asking.state == "none" else [panel, ConfirmButton(desk)]


@ft.component
def ConfirmButton(desk: Desk) -> ft.Control:
    """The one action that matters: first it takes in what is still being typed, then it confirms."""
    texts, sale, currency = desk.texts, desk.sale, desk.currency
    typed, command = use_watched(desk.typed).text, use_watched(desk.command)
    keys = has_keyboard(ft.context.page)
    if typed:
        amount = parse_amount(typed, currency)
        name = texts.t("Add {amount}", amount=texts.money(Money(amount=amount or 0, currency=currency)))
        return primary(with_key(name, "Enter", keys), desk.forward, icon=ft.Icons.ADD, disabled=amount is None)
    spent = sale.spends(desk.fresh).amount if desk.fresh is not None else 0
    to_pay = texts.money(Money(amount=max(sale.total - spent, 0), currency=currency))
    name = with_key(texts.t("Confirm {amount}", amount=to_pay), CONFIRM_KEY, keys)
    return primary(name, desk.forward, busy=command.busy, icon=ft.Icons.CHECK, disabled=not sale.lines)


@ft.component
def EarnsLine(desk: Desk) -> ft.Control:
    """What the basket comes to, on one line of a phone."""
    return Figures(desk.shown, desk.fresh is not None, desk.currency, True)


def _trouble(desk: Desk) -> list[ft.Control]:
    """What stands in the way, with the way out: a new scan, or the same confirm again."""
    problem, texts, command = desk.problem, desk.texts, desk.command
    if problem is None:
        return []
    if problem.code is ErrorCode.IDENTIFICATION_EXPIRED:

        def rescan() -> None:
            desk.sale.again = True
            go("/till")

        return error_notice(texts, problem, secondary(texts.t("Scan again, keep the basket"), rescan))
    if command.problem is not None and problem.code in WITHOUT_AN_ANSWER:
        return error_notice(texts, problem, secondary(texts.t("Try again"), command.run, busy=command.busy))
    return error_notice(texts, problem)
