"""What the list of offers and an offer's own page share: the way to activate it, and its marks."""

from __future__ import annotations

from datetime import datetime

import flet as ft

from contract.offers import Offer
from services.texts import Texts
from views.commands import use_command
from views.session import use_client, use_texts
from views.state import Link, Offers
from views.tokens import Color, Space
from views.ui.buttons import primary, quiet
from views.ui.chips import chip
from views.ui.notices import error_notice
from views.ui.offers import ends_soon, state_chip, waits, when
from views.ui.words import caption


def queued(offers: Offers, link: Link, offer_id: str) -> bool:
    """Whether something asked of this offer waits for a network."""
    return waits(offers, offer_id) and link.connection != "online"


def can_activate(offer: Offer) -> bool:
    """Whether it waits for the reader to turn it on."""
    return offer.needs_activation and offer.state == "open"


def marks(texts: Texts, offer: Offer, now: datetime, waiting: bool) -> list[ft.Control]:
    """The offer's state and its end, as chips in a row; nothing where there is nothing to say."""
    shown = [each for each in (state_chip(texts, offer, waiting), _end(texts, offer, now)) if each is not None]
    if not shown:
        return []
    return [
        ft.Row(
            shown,
            spacing=Space.S,
            run_spacing=Space.XS,
            wrap=True,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        )
    ]


def _end(texts: Texts, offer: Offer, now: datetime) -> ft.Control | None:
    said = when(texts, offer, now)
    if offer.state == "ended":
        return None
    if ends_soon(offer, now):
        return chip(said, ft.Icons.HOURGLASS_BOTTOM, tone=Color.WARM_SOFT, ink=Color.ON_WARM_SOFT)
    return caption(said) if offer.ends_at is not None or offer.starts_at > now else None


@ft.component
def ActivateButton(offer_id: str, name: str, wide: bool = False) -> ft.Control:
    """Activate in one tap, from the card or the page. The state shows at once; a second tap does nothing twice."""
    client, texts = use_client(), use_texts()

    async def activate() -> None:
        await client.activate(offer_id)

    command = use_command(activate)
    spoken = texts.t("Activate {name}", name=name)
    button = primary(texts.t("Activate"), command.run, busy=command.busy, spoken=spoken)
    return _stretched([button if wide else ft.Row([button]), *error_notice(texts, command.problem)])


@ft.component
def DeactivateButton(offer_id: str) -> ft.Control:
    """Take the activation back."""
    client, texts = use_client(), use_texts()

    async def deactivate() -> None:
        await client.deactivate(offer_id)

    command = use_command(deactivate)
    button = quiet(texts.t("Deactivate"), command.run, icon=ft.Icons.CLOSE, disabled=command.busy, flush=True)
    return _stretched([ft.Row([button]), *error_notice(texts, command.problem)])


def _stretched(parts: list[ft.Control]) -> ft.Control:
    return ft.Column(parts, spacing=Space.S, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
