"""One offer: what it gives, its terms in plain words, and the button that turns it on."""

from __future__ import annotations

import flet as ft

from contract.offers import Offer
from services.texts import Texts
from views.commands import use_command
from views.screens.offers.hiding import LessOfThis
from views.screens.offers.parts import ActivateButton, DeactivateButton, can_activate, marks, queued
from views.session import go, use_now, use_session, use_texts, use_width
from views.state import use_slice
from views.tokens import Color, Size, Space, Type
from views.ui.buttons import quiet
from views.ui.empty import empty
from views.ui.keyed import keyed
from views.ui.layout import page
from views.ui.newer import newer
from views.ui.notices import notice
from views.ui.offers import STATES, picture, refusals
from views.ui.skeleton import rows
from views.ui.terms import terms_card
from views.ui.words import body, caption, text

_MINUTE = 60.0


@ft.component
def OfferDetail() -> ft.Control:
    """The offer that the route names."""
    session, texts, width = use_session(), use_texts(), use_width()
    offer_id = ft.use_route_params().get("id", "")
    offers, link = use_slice(session.store.offers), use_slice(session.store.link)
    now = use_now(_MINUTE)
    dismiss = use_command(session.client.dismiss_refused)
    offer = next((each for each in offers.items if each.offer_id == offer_id), None)
    if offer is None:
        if not offers.loaded:
            return page([rows(texts)], width)
        back = quiet(texts.t("Show all offers"), lambda: go("/offers"))
        return page([empty("offers", texts.t("This offer is not open to you any more."), back)], width)
    waiting = queued(offers, link, offer_id)
    head: list[ft.Control] = [
        ft.Semantics(content=text(offer.name, Type.HEADLINE), header=True, heading_level=1),
        *([body(offer.description, Color.QUIET)] if offer.description else []),
        *marks(texts, offer, now, waiting),
    ]
    parts: list[ft.Control] = [
        *_top(offer, head, beside=width != "compact"),
        *refusals(texts, offers, dismiss, offer_id),
        *_action(texts, offer, waiting, wide=width == "compact"),
        terms_card(texts, offer),
        caption(texts.t("Version {version} of its terms", version=offer.campaign_version)),
    ]
    return page(parts, width)


def _top(offer: Offer, head: list[ft.Control], *, beside: bool) -> list[ft.Control]:
    """The picture above the name, or beside it where there is room."""
    wide = Size.OFFER_HERO_WIDTH if beside else None
    hero = ft.Container(
        content=ft.Row([ft.Container(content=picture(offer, Size.OFFER_HERO), expand=True)]),
        width=wide,
        height=Size.OFFER_HERO,
        border_radius=Size.RADIUS,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )
    words = ft.Column(head, spacing=Space.S, tight=True, expand=beside or None)
    return [ft.Row([hero, words], spacing=Space.XL)] if beside else [hero, words]


def _action(texts: Texts, offer: Offer, waiting: bool, *, wide: bool) -> list[ft.Control]:
    parts: list[ft.Control] = []
    if waiting:
        sentence = texts.t("There is no network. We send this as soon as there is one.")
        parts.append(notice(sentence, icon=ft.Icons.CLOUD_OFF_OUTLINED))
    if offer.state not in STATES:
        parts.append(notice(newer(texts), live=False))
    if can_activate(offer):
        parts.append(keyed(ActivateButton, f"on-{offer.offer_id}", offer.offer_id, offer.name, wide))
    elif offer.state == "activated":
        parts.append(keyed(DeactivateButton, f"off-{offer.offer_id}", offer.offer_id))
    if offer.state != "ended":
        parts.append(keyed(LessOfThis, f"less-{offer.offer_id}", offer.offer_id, offer.hidden))
    return parts
