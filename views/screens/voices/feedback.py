"""What was said of purchases: the receipt, never the person."""

from __future__ import annotations

from typing import cast

import flet as ft

from contract.feedback import ProgrammeFeedback
from services.texts import Texts
from views.commands import use_command
from views.hooks import use_value
from views.session import use_client, use_session, use_task, use_texts, use_width
from views.tokens import Space
from views.ui.buttons import quiet, secondary
from views.ui.cards import card
from views.ui.empty import empty
from views.ui.feedback import FACES, face_names
from views.ui.listing import listing
from views.ui.notices import error_notice
from views.ui.rows import list_end, row
from views.ui.skeleton import rows
from views.ui.words import body


@ft.component
def Heard() -> ft.Control:
    """Newest first, a page at a time."""
    client, session, texts, width = use_client(), use_session(), use_texts(), use_width()
    items, set_items = use_value(cast("list[ProgrammeFeedback] | None", None))
    cursor, set_cursor = use_value(cast("str | None", None))

    async def read(after: str | None = None) -> None:
        page = await client.voices.feedback(after)
        set_items([*(items or []), *page.items] if after else page.items)
        set_cursor(page.next_cursor)

    loading = use_command(read)

    async def arrive() -> None:
        await loading.run()

    async def more() -> None:
        await loading.run(cursor)

    use_task(arrive)
    if items is None:
        again = error_notice(texts, loading.problem, quiet(texts.t("Try again"), loading.run))
        return listing(again or [rows(texts)], width)
    if not items:
        return listing([empty("purchases", texts.t("Nobody has said anything yet."))], width)
    shown = [_one(texts, each, texts.ago(each.given_at, session.now())) for each in items]
    end = secondary(texts.t("Show more"), more, busy=loading.busy) if cursor else list_end(texts.t("That is all."))
    return listing([*shown, *error_notice(texts, loading.problem), end], width)


def _one(texts: Texts, said: ProgrammeFeedback, age: str) -> ft.Control:
    receipt = texts.t("Receipt {number}", number=said.receipt_number)
    parts: list[ft.Control] = [
        row(face_names(texts)[said.rating - 1], f"{said.store_name} · {receipt} · {age}", icon=FACES[said.rating - 1])
    ]
    if said.comment:
        words = body(f"“{said.comment}”")
        parts.append(ft.Container(content=words, padding=ft.Padding.only(left=Space.L, right=Space.L, bottom=Space.M)))
    return card(ft.Column(parts, spacing=Space.NONE, tight=True), padding=Space.NONE, key=said.purchase_id)
