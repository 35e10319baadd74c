"""The list of offers: search, filters, cards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import flet as ft

from contract.offers import Offer
from services.texts import Texts
from views.commands import use_command
from views.hooks import use_value
from views.screens.offers.card import offer_row
from views.screens.offers.filters import filters
from views.screens.offers.finding import Wanted, find
from views.screens.offers.parts import queued
from views.session import use_now, use_session, use_texts, use_width
from views.state import use_slice
from views.tokens import Space, Type
from views.ui.buttons import quiet
from views.ui.empty import empty
from views.ui.field import Look, entry_field, use_entry_field
from views.ui.listing import listing
from views.ui.offers import refusals
from views.ui.rows import list_end
from views.ui.shortcuts import use_search_key
from views.ui.skeleton import rows
from views.ui.words import caption, text, title

_SEARCH = Look(icon=ft.Icons.SEARCH)
_MINUTE = 60.0
_ORDER = {"open": 0, "activated": 0, "used": 1, "used_up": 2, "ended": 3}


@ft.component
def OfferList(chosen: str | None = None) -> ft.Control:
    """Every offer, those still open first and hidden ones last; a search and filters narrow them down."""
    session, texts, width = use_session(), use_texts(), use_width()
    offers, link = use_slice(session.store.offers), use_slice(session.store.link)
    now = use_now(_MINUTE)
    wanted, set_wanted = use_value(Wanted())
    version, set_version = use_value(0)
    entry = use_entry_field(on_text=lambda query: set_wanted(replace(wanted, query=query)))
    use_search_key(entry.control)
    dismiss = use_command(session.client.dismiss_refused)

    def show_all() -> None:
        entry.text = ""
        set_wanted(Wanted())
        set_version(version + 1)

    def cards(some: Iterable[Offer]) -> list[ft.Control]:
        return [
            offer_row(texts, each, now, queued(offers, link, each.offer_id), each.offer_id == chosen) for each in some
        ]

    head = ft.Semantics(content=text(texts.t("Offers"), Type.HEADLINE), header=True, heading_level=1)
    if not offers.items:
        nothing = empty("offers", texts.t("No offers right now. New ones come often."))
        return listing([head, nothing if offers.loaded else rows(texts)], width)
    parts = [
        head,
        entry_field(entry, texts.t("Search offers"), version=version, look=_SEARCH),
        filters(texts, offers.items, wanted, set_wanted, now, width),
        *refusals(texts, offers, dismiss),
    ]
    found = sorted(find(texts, offers.items, wanted, now), key=_order)
    if not found:
        parts.append(empty("offers", texts.t("No offer fits."), quiet(texts.t("Show all offers"), show_all)))
        return listing(parts, width)
    hidden = [each for each in found if each.hidden]
    parts += cards(each for each in found if not each.hidden)
    if hidden:
        parts += [_hidden_heading(texts), *cards(hidden)]
    all_of_them = len(found) == len(offers.items)
    end = texts.t("These are all offers.") if all_of_them else texts.t("These are all that fit.")
    return listing([*parts, list_end(end)], width)


def _hidden_heading(texts: Texts) -> ft.Control:
    said = caption(texts.t("You wanted to see less of these. They still count."))
    return ft.Container(
        content=ft.Column([title(texts.p("offers", "Hidden")), said], spacing=Space.HAIR, tight=True),
        padding=ft.Padding.only(top=Space.L),
    )


def _order(offer: Offer) -> tuple[int, bool]:
    """Those to turn on before the others; a card stays where it is when it is turned on."""
    return _ORDER.get(offer.state, 1), not offer.needs_activation
