"""What tills may spend without asking the member, and how she changes it."""

from __future__ import annotations

import functools
from collections.abc import Callable

import flet as ft

from contract.members import Profile
from contract.money import MAX_AMOUNT, Money, decimals
from services.texts import Texts
from views.commands import use_command
from views.hooks import use_value
from views.session import use_client, use_session, use_texts
from views.state import use_slice
from views.tokens import Color, Size, Space
from views.ui.buttons import quiet
from views.ui.cards import card
from views.ui.choices import Choice, choices
from views.ui.notices import error_notice
from views.ui.words import body, caption, label, title

ANY = "any"
_PARTS = (0, 25, 50, 100)
"""Percent of the programme's limit to choose from."""
_UNITS = (0, 10, 20, 50, 100)
"""Units of the currency to choose from, where the programme sets no limit."""


@ft.component
def SpendLimit() -> ft.Control:
    """The limit that holds, in a card with a way to change it. It shows from the cache, too."""
    session, texts = use_session(), use_texts()
    profile = use_slice(session.store.who).profile
    shown, show = use_value(False)
    ft.use_dialog(_dialog(texts, profile, functools.partial(show, False)) if shown and profile is not None else None)
    if profile is None:
        return ft.Container(height=Space.NONE)
    words = ft.Semantics(content=label(_said(texts, profile.spend_limit), yields=True), expand=True, live_region=True)
    row = ft.Row([words, quiet(texts.t("Change"), lambda: show(True))], spacing=Space.S)
    return ft.Container(
        content=card(row, padding=ft.Padding.only(left=Space.L, right=Space.XS, top=Space.XS, bottom=Space.XS)),
        width=Size.BARCODE_WIDTH + 2 * Space.L,
    )


def _said(texts: Texts, limit: Money) -> str:
    if limit.amount >= MAX_AMOUNT:
        return texts.t("Tills may spend without asking you")
    if not limit:
        return texts.t("Tills ask you each time")
    return texts.t("Spending allowed up to {amount}", amount=texts.money(limit))


def _dialog(texts: Texts, profile: Profile, close: Callable[[], None]) -> ft.AlertDialog:
    return ft.AlertDialog(
        title=title(texts.t("Spending without asking")),
        content=ft.Container(content=Limits(profile, close), width=Size.LIST_PANE - Space.HUGE),
        bgcolor=Color.CARD,
        scrollable=True,
        actions=[quiet(texts.t("Close"), close)],
        on_dismiss=close,
    )


@ft.component
def Limits(profile: Profile, close: Callable[[], None]) -> ft.Control:
    """What there is to choose from; a choice holds at once, on all her devices."""
    client, texts = use_client(), use_texts()

    async def set_limit(wanted: str) -> None:
        await client.confirmations.set_limit(None if wanted == ANY else int(wanted))
        close()

    command = use_command(set_limit)
    options = options_of(texts, profile)
    chosen = str(profile.spend_limit.amount) if profile.spend_limit.amount < MAX_AMOUNT else ANY
    known = chosen if any(each.value == chosen for each in options) else ""
    parts: list[ft.Control] = [
        body(texts.t("Up to this a till may spend with your code alone. Above it this app asks you first.")),
        choices(options, known, command.run),
        *error_notice(texts, command.problem),
        caption(texts.t("A till without a network cannot ask you; the shop limits what it may spend.")),
    ]
    return ft.Column(parts, spacing=Space.L, tight=True)


def options_of(texts: Texts, profile: Profile) -> list[Choice]:
    """The limits to choose from, from nothing up to the programme's own."""
    most, currency = profile.most_spend_limit, profile.programme.currency
    unit = 10 ** decimals(currency)
    if most is None:
        amounts = [each * unit for each in _UNITS]
    else:
        parts = {most.amount * each // 100 for each in _PARTS}
        amounts = sorted({each if each == most.amount else each // unit * unit for each in parts})
    named = [
        Choice(str(each), texts.money(Money(amount=each, currency=currency)) if each else texts.t("Always ask me"))
        for each in amounts
    ]
    return named if most is not None else [*named, Choice(ANY, texts.t("Any amount"))]
