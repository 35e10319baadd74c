"""The review list: what looked unusual, the evidence, and two answers."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import Literal

import flet as ft

from contract.reviews import HeldPurchase, Review, ReviewPage
from services.texts import Texts
from views.commands import use_command
from views.hooks import use_value
from views.screens.review.words import kind_name, sentence
from views.session import use_client, use_session, use_task, use_texts, use_width
from views.state import use_slice
from views.tokens import Color, Space
from views.ui import skeleton
from views.ui.buttons import primary, quiet, secondary
from views.ui.cards import card
from views.ui.chips import chip
from views.ui.choices import Choice, choices
from views.ui.empty import empty
from views.ui.field import entry_field, use_entry_field
from views.ui.keyed import keyed
from views.ui.listing import listing
from views.ui.notices import error_notice
from views.ui.rows import list_end, row
from views.ui.words import body, caption, title

FEW = 3
"""Purchases that a review shows at first, so that its answers are in sight."""
Answer = Literal["cleared", "rejected"]
Decide = Callable[[str, Answer, str], Awaitable[bool]]


@ft.component
def Reviews() -> ft.Control:
    """Those that wait, or those that were decided."""
    client, session, texts, width = use_client(), use_session(), use_texts(), use_width()
    staff = use_slice(session.store.who).staff
    currency = staff.currency if staff is not None else "EUR"
    state, set_state = use_value("open")
    nothing: ReviewPage | None = None
    page, set_page = use_value(nothing)

    async def read() -> None:
        set_page(await client.shop.reviews(state))

    async def answer(review_id: str, decision: Answer, note: str) -> None:
        await client.shop.decide(review_id, decision, note)
        await read()

    load, decide = use_command(read), use_command(answer)

    async def first() -> None:
        await load.run()

    use_task(first, [state])
    pills = choices(
        [
            Choice("open", texts.t("Waiting")),
            Choice("cleared", texts.t("Cleared")),
            Choice("rejected", texts.t("Rejected")),
        ],
        state,
        set_state,
    )
    head: list[ft.Control] = [pills, *error_notice(texts, decide.problem)]
    if page is None:
        rest = [skeleton.rows(texts)]
        if load.problem is not None:
            rest = error_notice(texts, load.problem, quiet(texts.t("Try again"), load.run))
        return listing([*head, *rest], width)
    if not page.items:
        said = texts.t("Nothing waits for you.") if state == "open" else texts.t("Nothing here yet.")
        return listing([*head, empty("purchases", said)], width)
    shown = [keyed(ReviewCard, each.review_id, each, currency, decide.run, decide.busy) for each in page.items]
    return listing([*head, *shown, list_end(texts.t("That is all."))], width, spacing=Space.L)


@ft.component
def ReviewCard(review: Review, currency: str, decide: Decide, busy: bool) -> ft.Control:
    """One review: what happened, to whom, what is held, and the answers."""
    texts = use_texts()
    note = use_entry_field()
    whole, set_whole = use_value(False)

    async def answer(decision: Answer) -> None:
        await decide(review.review_id, decision, note.text)

    when = texts.t("{date} at {time}", date=texts.date(review.opened_at), time=texts.time(review.opened_at))
    who = " · ".join(part for part in (review.member_name, review.staff_name, review.store_name) if part)
    parts: list[ft.Control] = [
        ft.Row(
            [
                ft.Container(content=title(kind_name(texts, review.kind)), expand=True),
                _state(texts, review),
            ]
        ),
        caption(f"{who} · {when}"),
        body(sentence(texts, review, currency)),
    ]
    if review.purchases:
        few = review.purchases if whole else review.purchases[:FEW]
        held = [_held(texts, each) for each in few]
        parts.append(card(ft.Column(held, spacing=0, tight=True), tone=Color.CARD_RAISED, padding=Space.XS))
        if len(few) < len(review.purchases):
            more = texts.t("and {n} more", n=len(review.purchases) - FEW)
            parts.append(ft.Row([quiet(more, lambda: set_whole(True), icon=ft.Icons.EXPAND_MORE)]))
    if review.state == "open":
        parts += [
            entry_field(note, texts.t("Note, for later")),
            ft.Row(
                [
                    primary(
                        texts.t("It is fine"),
                        functools.partial(answer, "cleared"),
                        busy=busy,
                        icon=ft.Icons.CHECK,
                    ),
                    secondary(
                        texts.t("Take it back") if review.purchases else texts.t("It is not fine"),
                        functools.partial(answer, "rejected"),
                        disabled=busy,
                        icon=ft.Icons.BLOCK,
                    ),
                ],
                spacing=Space.S,
                run_spacing=Space.S,
                wrap=True,
            ),
        ]
    elif review.decided_at is not None:
        said = texts.t("Decided by {name} on {date}.", name=review.decided_by, date=texts.date(review.decided_at))
        parts.append(caption(f"{said} {review.note}".strip()))
    return card(ft.Column(parts, spacing=Space.M, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH))


def _state(texts: Texts, review: Review) -> ft.Control:
    if review.state == "cleared":
        return chip(texts.t("Cleared"), ft.Icons.CHECK)
    if review.state == "rejected":
        return chip(texts.t("Rejected"), ft.Icons.BLOCK, tone=Color.ERROR_SOFT, ink=Color.ON_ERROR_SOFT)
    return chip(texts.t("Waiting"), ft.Icons.FLAG_OUTLINED, tone=Color.WARM_SOFT, ink=Color.ON_WARM_SOFT)


def _held(texts: Texts, purchase: HeldPurchase) -> ft.Control:
    below = f"{purchase.member_name} · {purchase.staff_name} · {texts.date(purchase.at)} {texts.time(purchase.at)}"
    earned = texts.t("earned {amount}", amount=texts.money(purchase.earned))
    return row(purchase.receipt_number, below, icon=ft.Icons.RECEIPT_LONG_OUTLINED, trailing=caption(earned))
