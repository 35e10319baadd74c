"""The purchases on this device by month, a page at a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

import flet as ft

from contract.months import Month as MonthSums
from services.books import Wanted
from services.texts import Texts
from views.commands import Command, use_command
from views.hooks import use_value
from views.reading import use_reading
from views.screens.purchases.filters import filters
from views.screens.purchases.finding import Month, find, merged, months
from views.screens.purchases.searching import Found, use_search
from views.session import go, use_client, use_now, use_session, use_texts, use_width
from views.state import use_slice
from views.tokens import Color, Size, Space, Type
from views.ui.buttons import quiet, secondary
from views.ui.empty import empty
from views.ui.field import Look, entry_field, use_entry_field
from views.ui.listing import listing
from views.ui.notices import error_notice, notice
from views.ui.purchases import purchase_row
from views.ui.rows import ends, list_end
from views.ui.shortcuts import use_search_key
from views.ui.skeleton import rows
from views.ui.words import caption, label, text, title

PAGE = 40
"""Rows shown at first, and by each "show older"."""
_PIECE = 10
"""Rows that are laid out together."""
_HOUR = 3600.0
_SEARCH = Look(icon=ft.Icons.SEARCH)


@ft.component
def PurchaseList(chosen: str | None = None) -> ft.Control:
    """Newest first; older ones come on request, from the device and then from the API."""
    session, texts, width = use_session(), use_texts(), use_width()
    purchases, now = use_slice(session.store.purchases), use_now(_HOUR)
    wanted, set_wanted = use_value(Wanted())
    version, set_version = use_value(0)
    shown, set_shown = use_value(PAGE)
    entry = use_entry_field(on_text=lambda said: set_wanted(replace(wanted, text=said)))
    use_search_key(entry.control)
    older = use_command(session.client.load_older_purchases)
    sums = use_month_sums()
    there, more_there = use_search(wanted, asked=purchases.has_older and not wanted.is_all)
    found = merged(find(purchases.items, wanted), there.items) if there.items else find(purchases.items, wanted)

    async def more() -> None:
        if shown >= len(found):
            await (older.run() if wanted.is_all else more_there())
        set_shown(shown + PAGE)

    def show_all() -> None:
        entry.text = ""
        set_wanted(Wanted())
        set_version(version + 1)

    head = ft.Semantics(content=text(texts.t("Purchases"), Type.HEADLINE), header=True, heading_level=1)
    if not purchases.items:
        return listing([head, _nothing(texts) if purchases.loaded else rows(texts)], width)
    parts = [
        head,
        entry_field(entry, texts.t("Search purchases"), version=version, look=_SEARCH),
        filters(texts, purchases.items, wanted, set_wanted),
        *_only_here(texts, there),
    ]
    if not found and not there.busy:
        parts.append(empty("purchases", texts.t("No purchase fits."), quiet(texts.t("Show all purchases"), show_all)))
    parts = [_apart(part) for part in parts]
    for month in months(texts, found, shown, whole=wanted.is_all, has_older=purchases.has_older, sums=sums):
        parts += _month(texts, month, now, chosen)
    if there.busy:
        parts.append(rows(texts, 2))
    elif shown < len(found) or there.cursor or (purchases.has_older and wanted.is_all):
        parts.append(_older(texts, older, more))
    elif found:
        all_of_them = len(found) == len(purchases.items)
        end = texts.t("These are all your purchases.") if all_of_them else texts.t("These are all that fit.")
        parts.append(list_end(end))
    return listing(parts, width, spacing=Space.NONE)


def use_month_sums() -> dict[str, MonthSums]:
    """What each month came to, by its name, once the API has told; it goes on holding with no network."""
    session, books = use_session(), use_client().books
    wallet = use_slice(session.store.balance).wallet
    version = None if wallet is None else wallet.version
    reading = use_reading(books.kept_months, books.fresh_months, "months", since=version)
    return {} if reading.value is None else {month.month: month for month in reading.value.items}


def _only_here(texts: Texts, there: Found) -> list[ft.Control]:
    if there.problem is None:
        return []
    return [notice(texts.t("Only the purchases on this device were searched. There is no network for the others."))]


def _nothing(texts: Texts) -> ft.Control:
    sentence = texts.t("Nothing bought yet. Show your code at the till, and your purchases land here.")
    return empty("purchases", sentence, quiet(texts.t("Show my code"), lambda: go("/code")))


def _month(texts: Texts, month: Month, now: datetime, chosen: str | None) -> list[ft.Control]:
    name: list[ft.Control] = [title(month.name)]
    if month.total is not None:
        amount = texts.money(month.total)
        bought = texts.n("{n} purchase for {amount}", "{n} purchases for {amount}", month.count, amount=amount)
        name.append(caption(bought))
    heading: ft.Control = ft.Column(name, spacing=Space.NONE, tight=True)
    if month.earned is not None:
        earned = label(texts.t("Earned {amount}", amount=texts.money(month.earned)), Color.BRAND)
        heading = ends(heading, earned)
    listed = [purchase_row(each, texts, now, chosen=each.purchase_id == chosen) for each in month.shown]
    return [
        ft.Container(content=heading, padding=ft.Padding.only(top=Space.M, right=Space.XS + Space.L, bottom=Space.M)),
        *_in_pieces(listed),
    ]


def _in_pieces(listed: list[ft.Control]) -> list[ft.Control]:
    """A card as pieces that the list lays out one by one: hundreds of rows at once would hold its scrolling up."""
    pieces: list[ft.Control] = []
    for first in range(0, len(listed), _PIECE):
        last = first + _PIECE >= len(listed)
        top, bottom = 0 if first else Size.RADIUS, Size.RADIUS if last else 0
        piece = ft.Container(
            content=ft.Column(listed[first : first + _PIECE], spacing=Space.NONE, tight=True),
            bgcolor=Color.CARD,
            border_radius=ft.BorderRadius(top, top, bottom, bottom),
            padding=ft.Padding(Space.XS, 0 if first else Space.XS, Space.XS, Space.XS if last else 0),
        )
        pieces.append(piece if not last else _apart(piece))
    return pieces


def _apart(part: ft.Control) -> ft.Control:
    """A part with room below it."""
    return ft.Container(content=part, padding=ft.Padding.only(bottom=Space.M))


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
