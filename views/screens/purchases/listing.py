"""The purchases on this device by month, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

import flet as ft

from contract.money import Money
from contract.wallet import Purchase
from services.texts import Texts
from views.commands import Command, use_command
from views.session import go, use_now, use_session, use_texts
from views.state import Purchases, use_slice
from views.tokens import Space, Type
from views.ui.buttons import quiet, secondary
from views.ui.cards import card
from views.ui.empty import empty
from views.ui.money import money
from views.ui.notices import error_notice
from views.ui.purchases import kept, purchase_row
from views.ui.rows import list_end
from views.ui.skeleton import rows
from views.ui.words import text, title

PAGE = 40
_HOUR = 3600.0


@ft.component
def PurchaseList(chosen: str | None = None) -> ft.Control:
    """Newest first; older ones come on request, from the device and then from the API."""
    session, texts = use_session(), use_texts()
    purchases, now = use_slice(session.store.purchases), use_now(_HOUR)
    shown, set_shown = ft.use_state(PAGE)
    older = use_command(session.client.load_older_purchases)

    async def more() -> None:
        if shown >= len(purchases.items) - PAGE and purchases.has_older:
            await older.run()
        set_shown(lambda count: count + PAGE)

    head = ft.Semantics(content=text(texts.t("Purchases"), Type.HEADLINE), header=True, heading_level=1)
    parts: list[ft.Control] = [head]
    if not purchases.items:
        parts.append(_nothing(texts) if purchases.loaded else rows(texts))
    else:
        parts += _months(texts, purchases.items[:shown], purchases.items, now, chosen)
        parts.append(_end(texts, purchases, shown, older, more))
    return ft.ListView(parts, padding=Space.L, spacing=Space.S, expand=True)


def _nothing(texts: Texts) -> ft.Control:
    sentence = texts.t("Nothing bought yet. Show your code at the till, and your purchases land here.")
    return card(empty("purchases", sentence, quiet(texts.t("Show my code"), lambda: go("/code"))))


def _months(
    texts: Texts, items: Sequence[Purchase], every: Sequence[Purchase], now: datetime, chosen: str | None
) -> list[ft.Control]:
    parts: list[ft.Control] = []
    for month, group in groupby(items, key=lambda purchase: texts.month_heading(purchase.at)):
        some = list(group)
        whole = [each for each in every if texts.month_heading(each.at) == month] if some[-1] is items[-1] else some
        parts.append(_month(texts, month, whole))
        listed = [purchase_row(each, texts, now, chosen=each.purchase_id == chosen) for each in some]
        parts.append(card(ft.Column(listed, spacing=Space.NONE, tight=True), padding=Space.XS))
    return parts


def _month(texts: Texts, name: str, purchases: Sequence[Purchase]) -> ft.Control:
    earned = Money(amount=sum(kept(each).amount for each in purchases), currency=purchases[0].earned.currency)
    return ft.Container(
        content=ft.Row(
            [
                ft.Container(content=title(name), expand=True),
                money(texts, earned, "in" if earned else "none", icon=False),
            ]
        ),
        padding=ft.Padding.only(top=Space.L, left=Space.XS, right=Space.L),
    )


def _end(texts: Texts, purchases: Purchases, shown: int, older: Command[None], more: object) -> ft.Control:
    if shown < len(purchases.items) or purchases.has_older:
        button = secondary(texts.t("Show older purchases"), more, busy=older.busy)  # type: ignore[arg-type]
        return ft.Container(
            content=ft.Column(
                [*error_notice(texts, older.problem), ft.Row([button], alignment=ft.MainAxisAlignment.CENTER)],
                spacing=Space.M,
            ),
            padding=ft.Padding.symmetric(vertical=Space.L),
        )
    return list_end(texts.t("These are all your purchases."))
