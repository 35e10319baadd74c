"""An offer's card in the list: picture, name, what it gives, how long; and the button that activates it."""

from __future__ import annotations

from datetime import datetime

import flet as ft

from contract.offers import Offer
from services.texts import Texts
from views.screens.offers.parts import ActivateButton, can_activate, marks
from views.session import go
from views.tokens import Color, Size, Space
from views.ui.offer_words import gives
from views.ui.offers import picture, when
from views.ui.words import label, text


@ft.component
def _OfferRow(texts: Texts, offer: Offer, now: datetime, waiting: bool, chosen: bool) -> ft.Control:
    parts = [_face(texts, offer, now, waiting, chosen)]
    if can_activate(offer):
        button = ActivateButton(offer.offer_id, offer.name)
        under_words = Space.M + Size.OFFER_PICTURE + Space.L
        room = ft.Padding.only(left=under_words, right=Space.M, bottom=Space.M)
        parts.append(ft.Container(content=button, padding=room))
    return ft.Container(
        content=ft.Column(parts, spacing=Space.NONE, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        bgcolor=Color.CHOSEN if chosen else Color.CARD,
        border_radius=Size.RADIUS,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )


_Memo = ft.memo(_OfferRow)  # type: ignore[no-untyped-call]


def offer_row(texts: Texts, offer: Offer, now: datetime, waiting: bool, chosen: bool) -> ft.Control:
    """A card that renders again only when what it shows has changed."""
    shown: ft.Control = _Memo(texts, offer, now, waiting, chosen, key=offer.offer_id)
    return shown


def _face(texts: Texts, offer: Offer, now: datetime, waiting: bool, chosen: bool) -> ft.Control:
    def opened() -> None:
        go(f"/offers/{offer.offer_id}")

    live = offer.state in ("open", "activated")
    said = gives(texts, offer)
    words = ft.Column(
        [
            label(offer.name),
            text(said, color=Color.BRAND if live else Color.QUIET),
            *marks(texts, offer, now, waiting),
        ],
        spacing=Space.XS,
        tight=True,
        expand=True,
    )
    drawing = ft.Container(
        content=picture(offer, Size.OFFER_THUMB),
        width=Size.OFFER_PICTURE,
        height=Size.OFFER_THUMB,
        border_radius=Size.RADIUS_SMALL,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )
    face = ft.Semantics(  # inside the container that is tapped: else assistive technology cannot press it
        content=ft.Row([drawing, words], spacing=Space.L, vertical_alignment=ft.CrossAxisAlignment.CENTER),
        label=", ".join(
            part for part in (offer.name, said, _spoken_state(texts, offer, waiting), when(texts, offer, now)) if part
        ),
        selected=chosen or None,
        button=True,
        exclude_semantics=True,
    )
    return ft.Container(content=face, padding=Space.M, on_click=opened, ink=True)


def _spoken_state(texts: Texts, offer: Offer, waiting: bool) -> str:
    if waiting:
        return texts.t("Waiting for network")
    return texts.t("Activated") if offer.state == "activated" else ""
