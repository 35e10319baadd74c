"""The till's own parts: choices, the member at the till, amounts under each other, keys named on buttons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from contract.money import Money
from services.texts import Texts
from views.tokens import Color, Size, Space, Type
from views.ui.words import around_a_line, caption, label, text


def choice(name: str, chosen: bool, on_click: Callable[[], Any], *, icon: ft.IconData | None = None) -> ft.Control:
    """One of several that can be chosen; a screen reader says whether it is."""
    ink = Color.ON_BRAND_SOFT if chosen else Color.TEXT
    parts: list[ft.Control] = [ft.Icon(icon, size=Size.ICON - Space.XS, color=ink)] if icon is not None else []
    parts.append(label(name, ink, yields=True))
    words = ft.Row(parts, spacing=Space.S, tight=True)
    return ft.Container(
        content=ft.Semantics(content=words, label=name, selected=chosen, exclude_semantics=True),
        padding=around_a_line(Size.TARGET, Space.L),
        border_radius=Size.PILL,
        bgcolor=Color.BRAND_SOFT if chosen else Color.CARD_RAISED,
        ink=True,
        on_click=on_click,
    )


def member_strip(texts: Texts, name: str, available: Money | None, may_spend: Money | None) -> ft.Control:
    """Who is at the till, what they have, and what of it may be spent here."""
    figures = []
    if available is not None:
        figures.append(texts.t("{amount} available", amount=texts.money(available)))
    if may_spend is not None:
        figures.append(texts.t("may spend {amount}", amount=texts.money(may_spend)))
    return _strip(name, name[:1].upper() or "?", figures)


def unchecked_strip(texts: Texts, name: str, limit: Money | None) -> ft.Control:
    """Who is at the till, where only a code says so that is looked at later; and what they may spend meanwhile."""
    figures = [texts.t("Code is checked later")]
    if limit is not None:
        figures.append(offline_limit(texts, limit))
    return _strip(texts.t("Member {number}", number=name), "#", figures)


def offline_limit(texts: Texts, limit: Money) -> str:
    """What one member may still spend at this till without a network."""
    if not limit:
        return texts.t("offline: nothing to spend")
    return texts.t("offline: up to {amount}", amount=texts.money(limit))


def _strip(name: str, sign: str, figures: list[str]) -> ft.Control:
    initial = ft.Container(
        content=text(sign, Type.TITLE, Color.ON_BRAND_SOFT),
        width=Size.AVATAR,
        height=Size.AVATAR,
        border_radius=Size.AVATAR,
        bgcolor=Color.BRAND_SOFT,
        alignment=ft.Alignment.CENTER,
    )
    words = ft.Column(
        [text(name, Type.TITLE, lines=1), *([caption(" · ".join(figures), lines=2)] if figures else [])],
        spacing=Space.HAIR,
        tight=True,
        expand=True,
    )
    return ft.Container(
        content=ft.Row(
            [ft.Semantics(content=initial, exclude_semantics=True), words],
            spacing=Space.M,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        bgcolor=Color.CARD,
        border_radius=Size.RADIUS,
        padding=ft.Padding.symmetric(vertical=Space.S, horizontal=Space.L),
    )


def figure(
    name: str, amount: str, *, strong: bool = False, tone: str = Color.TEXT, icon: ft.IconData | None = None
) -> ft.Control:
    """A name and its amount at the two ends of a row."""
    lead: list[ft.Control] = [ft.Icon(icon, size=Size.ICON_SMALL, color=tone)] if icon is not None else []
    style = Type.TITLE if strong else Type.BODY
    return ft.Row(
        [*lead, text(name, style, Color.TEXT if strong else Color.QUIET, expand=True), text(amount, style, tone)],
        spacing=Space.S,
    )


def with_key(name: str, key: str, shown: bool) -> str:
    """A button's name with the key that presses it, where there is a keyboard."""
    return f"{name}   {key}" if shown else name


def has_keyboard(page: ft.Page) -> bool:
    """Whether there are keys to press: a field may then take the focus without calling a keyboard on the screen."""
    return page.platform not in {ft.PagePlatform.ANDROID, ft.PagePlatform.ANDROID_TV, ft.PagePlatform.IOS}
