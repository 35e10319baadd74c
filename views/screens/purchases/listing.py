"""The purchases on this device by month, a page at a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

import flet as ft

from services.texts import Texts
from views.commands import Command, use_command
from views.screens.purchases.finding import Month, find, months
from views.session import go, use_now, use_session, use_texts, use_width
from views.state import use_slice
from views.tokens import Color, Space, Type
from views.ui.buttons import quiet, secondary
from views.ui.cards import card
from views.ui.empty import empty
from views.ui.field import Look, entry_field, use_entry_field
from views.ui.listing import listing
from views.ui.notices import error_notice
from views.ui.purchases import purchase_row
from views.ui.rows import ends, list_end
from views.ui.skeleton import rows
from views.ui.words import label, text, title

PAGE = 40
"""Rows shown at first, and by each "show older"."""
_HOUR = 3600.0
_SEARCH = Look(icon=ft.Icons.SEARCH)


@ft.component
def PurchaseList(chosen: str | None = None) -> ft.Control:
    """Newest first; older ones come on request, from the device and then from the API."""
    session, texts, width = use_session(), use_texts(), use_width()
    purchases, now = use_slice(session.store.purchases), use_now(_HOUR)
    query, set_query = ft.use_state("")
    version, set_version = ft.use_state(0)
    shown, set_shown = ft.use_state(PAGE)
    entry = use_entry_field(on_text=set_query)
    older = use_command(session.client.load_older_purchases)
    found = find(purchases.items, query)

    async def more() -> None:
        if shown < len(found) or await older.run():
            set_shown(lambda count: count + PAGE)

    def show_all() -> None:
        entry.text = ""
        set_query("")
        set_version(lambda before: before + 1)

    head = ft.Semantics(content=text(texts.t("Purchases"), Type.HEADLINE), header=True, heading_level=1)
    if not purchases.items:
        return listing([head, _nothing(texts) if purchases.loaded else rows(texts)], width)
    parts = [head, entry_field(entry, texts.t("Search purchases"), version=version, look=_SEARCH)]
    if not found:
        parts.append(empty("purchases", texts.t("No purchase fits."), quiet(texts.t("Show all purchases"), show_all)))
    for month in months(texts, found, shown, whole=not query.strip(), has_older=purchases.has_older):
        parts += _month(texts, month, now, chosen)
    if shown < len(found) or purchases.has_older:
        parts.append(_older(texts, older, more))
    elif found:
        all_of_them = len(found) == len(purchases.items)
        end = texts.t("These are all your purchases.") if all_of_them else texts.t("These are all that fit.")
        parts.append(list_end(end))
    return listing(parts, width)


def _nothing(texts: Texts) -> ft.Control:
    sentence = texts.t("Nothing bought yet. Show your code at the till, and your purchases land here.")
    return empty("purchases", sentence, quiet(texts.t("Show my code"), lambda: go("/code")))


def _month(texts: Texts, month: Month, now: datetime, chosen: str | None) -> list[ft.Control]:
    heading: ft.Control = title(month.name)
    if month.earned is not None:
        earned = label(texts.t("Earned {amount}", amount=texts.money(month.earned)), Color.BRAND)
        heading = ends(heading, earned)
    listed = [purchase_row(each, texts, now, chosen=each.purchase_id == chosen) for each in month.shown]
    return [
        ft.Container(content=heading, padding=ft.Padding.only(top=Space.M, left=Space.XS, right=Space.L)),
        card(ft.Column(listed, spacing=Space.NONE, tight=True), padding=Space.XS),
    ]


def _older(texts: Texts, older: Command[None], more: Callable[[], Awaitable[None]]) -> ft.Control:
    button = secondary(texts.t("Show older"), more, busy=older.busy, icon=ft.Icons.EXPAND_MORE)
    return ft.Container(
        content=ft.Column(
            [*error_notice(texts, older.problem), ft.Row([button], alignment=ft.MainAxisAlignment.CENTER)],
            spacing=Space.M,
            tight=True,
        ),
        padding=ft.Padding.symmetric(vertical=Space.L),
    )
