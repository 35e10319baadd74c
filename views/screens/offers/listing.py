"""The list of offers: search, filters, cards."""

from __future__ import annotations

import flet as ft

from contract.offers import Offer
from services.texts import Texts
from views.commands import use_command
from views.screens.offers.card import offer_row
from views.screens.offers.finding import find
from views.screens.offers.parts import queued
from views.session import use_now, use_session, use_texts, use_width
from views.state import use_slice
from views.tokens import Type
from views.ui.buttons import quiet
from views.ui.choices import Choice, choices
from views.ui.empty import empty
from views.ui.field import Look, entry_field, use_entry_field
from views.ui.listing import listing
from views.ui.offers import refusals
from views.ui.rows import list_end
from views.ui.skeleton import rows
from views.ui.words import text

_SEARCH = Look(icon=ft.Icons.SEARCH)
_MINUTE = 60.0
_ORDER = {"open": 0, "activated": 0, "used": 1, "used_up": 2, "ended": 3}


@ft.component
def OfferList(chosen: str | None = None) -> ft.Control:
    """Every offer, those still open first; a search and a filter narrow them down."""
    session, texts, width = use_session(), use_texts(), use_width()
    offers, link = use_slice(session.store.offers), use_slice(session.store.link)
    now = use_now(_MINUTE)
    query, set_query = ft.use_state("")
    which, set_which = ft.use_state("all")
    version, set_version = ft.use_state(0)
    entry = use_entry_field(on_text=set_query)
    dismiss = use_command(session.client.dismiss_refused)

    def show_all() -> None:
        entry.text = ""
        set_query("")
        set_which("all")
        set_version(lambda before: before + 1)

    head = ft.Semantics(content=text(texts.t("Offers"), Type.HEADLINE), header=True, heading_level=1)
    if not offers.items:
        nothing = empty("offers", texts.t("No offers right now. New ones come often."))
        return listing([head, nothing if offers.loaded else rows(texts)], width)
    parts = [
        head,
        entry_field(entry, texts.t("Search offers"), version=version, look=_SEARCH),
        choices(_filters(texts), which, set_which, wrap=width != "compact"),
        *refusals(texts, offers, dismiss),
    ]
    found = sorted(find(texts, offers.items, query, which, now), key=_order)
    if not found:
        parts.append(empty("offers", texts.t("No offer fits."), quiet(texts.t("Show all offers"), show_all)))
        return listing(parts, width)
    parts += [
        offer_row(texts, offer, now, queued(offers, link, offer.offer_id), offer.offer_id == chosen) for offer in found
    ]
    all_of_them = len(found) == len(offers.items)
    end = texts.t("These are all offers.") if all_of_them else texts.t("These are all that fit.")
    return listing([*parts, list_end(end)], width)


def _order(offer: Offer) -> tuple[int, bool]:
    """Those to turn on before the others; a card stays where it is when it is turned on."""
    return _ORDER[offer.state], not offer.needs_activation


def _filters(texts: Texts) -> list[Choice]:
    return [
        Choice("all", texts.p("offers", "All")),
        Choice("to_activate", texts.t("To activate")),
        Choice("activated", texts.p("offers", "Activated")),
        Choice("soon", texts.t("Ends soon")),
    ]
