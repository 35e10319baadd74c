"""What has come since this reader last looked."""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from dataclasses import dataclass

import flet as ft

from contract.money import Money
from contract.offers import Offer
from contract.wallet import Purchase
from services.books import LastVisit
from services.texts import Texts
from views.hooks import use_value
from views.session import Session, use_session, use_task, use_texts
from views.state import use_slice
from views.tokens import Color, Space
from views.ui.buttons import icon_button
from views.ui.notices import notice
from views.ui.purchases import kept

_first_looks: weakref.WeakKeyDictionary[Session, LastVisit | None] = weakref.WeakKeyDictionary()
"""The visit before this one, by session: looking at another screen and coming back is one visit."""


@dataclass(frozen=True, slots=True)
class News:
    """How much came."""

    purchases: int
    earned: Money | None
    offers: int


@ft.component
def SinceLastVisit() -> ft.Control:
    """New purchases and offers in one sentence, once; nothing at a first visit, or where nothing came."""
    session, texts = use_session(), use_texts()
    balance, purchases = use_slice(session.store.balance), use_slice(session.store.purchases)
    offers = use_slice(session.store.offers)
    before, set_before = use_value(_first_looks.get(session))
    version = None if balance.wallet is None else balance.wallet.version

    async def look() -> None:
        if version is None:
            return
        if session not in _first_looks:
            _first_looks[session] = await session.client.books.last_visit()
            set_before(_first_looks[session])
        here = LastVisit(version=version, offers=[offer.offer_id for offer in offers.items])
        await session.client.books.keep_visit(here)

    use_task(look, [version, len(offers.items)])
    found = None if before is None else news(before, purchases.items, offers.items)
    if found is None:
        return ft.Container(height=Space.NONE)

    def read() -> None:
        _first_looks[session] = None
        set_before(None)

    away = icon_button(ft.Icons.CLOSE, texts.t("Put away"), read, color=Color.ON_BRAND_SOFT)
    said = notice(
        sentence(texts, found),
        icon=ft.Icons.AUTO_AWESOME_OUTLINED,
        tone=Color.BRAND_SOFT,
        ink=Color.ON_BRAND_SOFT,
        beside=away,
    )
    return ft.Container(content=said, padding=ft.Padding.only(top=Space.M))


def news(before: LastVisit, purchases: Iterable[Purchase], offers: Iterable[Offer]) -> News | None:
    """What came after a visit; None for nothing."""
    fresh = [each for each in purchases if each.version > before.version]
    known = set(before.offers)
    opened = [offer for offer in offers if offer.offer_id not in known and not offer.hidden] if known else []
    if not fresh and not opened:
        return None
    amounts = [kept(each) for each in fresh]
    return News(len(fresh), sum(amounts[1:], amounts[0]) if amounts else None, len(opened))


def sentence(texts: Texts, found: News) -> str:
    """All of it in words."""
    said = []
    if found.purchases and found.earned is not None:
        bought = texts.n("{n} purchase", "{n} purchases", found.purchases)
        said.append(f"{bought}, {texts.money(found.earned, signed=True)}")
    if found.offers:
        said.append(texts.n("{n} new offer", "{n} new offers", found.offers))
    return texts.t("Since your last visit: {news}.", news="; ".join(said))
