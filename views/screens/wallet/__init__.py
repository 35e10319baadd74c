"""The wallet: what is there, what is coming, what is about to go, and the way to the code."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

import flet as ft

from contract.offers import Offer
from services.texts import Texts
from views.commands import use_command
from views.screens.wallet.chart import ByMonth
from views.screens.wallet.hero import Hero
from views.screens.wallet.news import SinceLastVisit
from views.session import go, use_now, use_painted, use_session, use_texts, use_width
from views.state import Purchases, use_slice
from views.tokens import Color, Size, Space, Type
from views.ui.buttons import icon_button, quiet
from views.ui.cards import card
from views.ui.empty import empty
from views.ui.layout import page
from views.ui.new_terms import NewTerms
from views.ui.notices import error_notice
from views.ui.offers import offer_card, refusals, waits
from views.ui.purchases import purchase_row
from views.ui.rows import row, section
from views.ui.skeleton import block, skeleton
from views.ui.tier import tier_card
from views.ui.words import text

_LATEST = 5
_FOR_YOU = 3
_FOR_YOU_WIDE = 4
_HOUR = 3600.0


@ft.component
def Wallet() -> ft.Control:
    """The first screen. Its parts follow slices of their own."""
    session, texts, width = use_session(), use_texts(), use_width()
    balance = use_slice(session.store.balance)
    painted, paint = use_painted()
    if balance.wallet is None:
        return page([Greeting(), _skeleton(texts)], width)
    # what a tab shows first is the money and the way to the code: all else comes when the browser has them
    greeting = _joined(Greeting(), *([NewTerms(), SinceLastVisit()] if painted else []))
    money_first = _joined(Hero(), *([Tier()] if painted else []), on_size=paint)
    if width == "expanded":
        left, right = ([ByMonth()], [ForYou(), Latest()]) if painted else ([], [])
        sides = [_column([money_first, *left]), _column(right)]
        columns = ft.ResponsiveRow(sides, spacing=Space.XL, run_spacing=Space.L)
        return page([greeting, columns], width, most=Size.WIDE)
    return page([greeting, money_first, *([ForYou(), Latest(), ByMonth()] if painted else [])], width)


def _column(parts: list[ft.Control]) -> ft.Control:
    return ft.Column(parts, col=6, spacing=Space.L, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


@ft.component
def Greeting() -> ft.Control:
    """Hi, and a way to ask for news."""
    session, texts = use_session(), use_texts()
    who = use_slice(session.store.who)
    command = use_command(session.client.refresh)
    name = who.profile.name.split(" ")[0] if who.profile and who.profile.name else ""
    hello = texts.t("Hi {name}", name=name) if name else texts.t("Hi")
    head = ft.Row(
        [
            ft.Semantics(content=text(hello, Type.HEADLINE), header=True, heading_level=1, expand=True),
            icon_button(ft.Icons.REFRESH, texts.t("Refresh"), command.run, disabled=command.busy),
        ],
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
    return ft.Column([head, *error_notice(texts, command.problem)], spacing=Space.S, tight=True)


@ft.component
def Tier() -> ft.Control:
    """The tier and the way to the next, where the programme has tiers."""
    session, texts = use_session(), use_texts()
    profile = use_slice(session.store.who).profile
    shown = tier_card(texts, profile)
    return ft.Container(content=shown[0] if shown else None, padding=ft.Padding.only(top=Space.L if shown else 0))


def _joined(*parts: ft.Control, on_size: Callable[[], None] | None = None) -> ft.Control:
    """Parts that bring their own room above them, since some are not there; `on_size` hears that they are laid out."""
    return ft.Column(
        list(parts),
        spacing=Space.NONE,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        on_size_change=None if on_size is None else lambda _: on_size(),
        size_change_interval=0,
    )


def _skeleton(texts: Texts) -> ft.Control:
    return skeleton(
        texts, block(Size.OFFER_HERO), block(Size.OFFER_PICTURE), block(Size.OFFER_THUMB), block(Size.OFFER_THUMB)
    )


@ft.component
def ForYou() -> ft.Control:
    """A few offers, the ones to act on first."""
    session, texts, width = use_session(), use_texts(), use_width()
    offers, now, wide = use_slice(session.store.offers), use_now(_HOUR), width == "expanded"
    dismiss = use_command(session.client.dismiss_refused)
    first = first_of(offers.items)[: _FOR_YOU_WIDE if wide else _FOR_YOU]
    head = section(texts.t("For you"), texts.t("All offers"), lambda: go("/offers"))
    if not first:
        return ft.Column(
            [head, card(empty("offers", texts.t("No offers right now. New ones come often.")))], tight=True
        )
    cards = [
        offer_card(texts, offer, waits(offers, offer.offer_id), now, _opener(offer.offer_id), wide=wide)
        for offer in first
    ]
    return ft.Column(
        [head, *refusals(texts, offers, dismiss), _shelf(cards, wide)],
        spacing=Space.S,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def first_of(offers: Iterable[Offer]) -> list[Offer]:
    """The offers that a shopper can use, the ones to act on first."""
    order = {"open": 0, "activated": 1}
    live = [offer for offer in offers if offer.state in order and not offer.hidden]
    return sorted(live, key=lambda offer: (not offer.needs_activation, order[offer.state]))


def _opener(offer_id: str) -> ft.ControlEventHandler[ft.Container]:
    def open_offer(_: ft.Event[ft.Container]) -> None:
        go(f"/offers/{offer_id}")

    return open_offer


def _shelf(cards: list[ft.Control], wide: bool) -> ft.Control:
    """Side by side, all of one height: two in a row where there is room, else a row that scrolls."""
    if not wide:
        return _row(cards, scroll=ft.ScrollMode.HIDDEN)
    return ft.Column([_row(cards[at : at + 2]) for at in range(0, len(cards), 2)], spacing=Space.M, tight=True)


def _row(cards: list[ft.Control], scroll: ft.ScrollMode | None = None) -> ft.Control:
    return ft.Row(
        cards,
        scroll=scroll,
        spacing=Space.M,
        intrinsic_height=True,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@ft.component
def Latest() -> ft.Control:
    """The latest purchases."""
    session, texts = use_session(), use_texts()
    purchases, now = use_slice(session.store.purchases), use_now(_HOUR)
    more = (texts.t("All purchases"), lambda: go("/purchases")) if purchases.items else (None, None)
    statement = row(
        texts.t("Statement"),
        texts.t("Every movement with the balance after it, as PDF and CSV too"),
        icon=ft.Icons.DESCRIPTION_OUTLINED,
        trailing=ft.Icon(ft.Icons.CHEVRON_RIGHT, color=Color.QUIET),
        on_click=lambda: go("/statement"),
    )
    return ft.Column(
        [section(texts.t("Latest"), *more), _latest(texts, purchases, now), card(statement, padding=Space.XS)],
        spacing=Space.S,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _latest(texts: Texts, purchases: Purchases, now: datetime) -> ft.Control:
    if not purchases.items:
        sentence = texts.t("Nothing bought yet. Show your code at the till, and your first cashback lands here.")
        return card(empty("purchases", sentence, quiet(texts.t("Show my code"), lambda: go("/code"))))
    return card(
        ft.Column(
            [purchase_row(purchase, texts, now) for purchase in purchases.items[:_LATEST]],
            spacing=Space.NONE,
            tight=True,
        ),
        padding=Space.XS,
    )
