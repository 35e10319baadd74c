"""A member's claims with their outcomes."""

from __future__ import annotations

import flet as ft

from contract.claims import Claim
from contract.claims import Claims as Mine
from services.texts import Texts
from views.commands import use_command
from views.session import go, use_session, use_task, use_texts, use_width
from views.tokens import Color, Space
from views.ui.buttons import primary, quiet
from views.ui.cards import card
from views.ui.chips import chip, line
from views.ui.claim_words import about, reason_words
from views.ui.empty import empty
from views.ui.layout import page
from views.ui.newer import newer
from views.ui.notices import error_notice
from views.ui.skeleton import rows
from views.ui.words import body, caption, label


@ft.component
def Claims() -> ft.Control:
    """Newest first; each with its answer, or the day by which it comes."""
    session, texts, width = use_session(), use_texts(), use_width()

    async def load() -> Mine:
        return await session.client.mine.claims()

    loading = use_command(load)

    async def arrive() -> None:
        await loading.run()

    use_task(arrive)
    mine = loading.result
    if mine is None:
        problem = error_notice(texts, loading.problem, quiet(texts.t("Try again"), loading.run))
        return page(problem or [rows(texts, 3)], width)
    new = primary(texts.t("A purchase is missing"), lambda: go("/me/claims/new"), icon=ft.Icons.ADD)
    if not mine.items:
        sentence = texts.t("You have asked about nothing yet. Is a purchase missing, or did one earn too little?")
        return page([empty("purchases", sentence, new)], width)
    return page([ft.Row([new]), *(_claim(texts, each) for each in mine.items)], width)


def _claim(texts: Texts, claim: Claim) -> ft.Control:
    head = ft.Row(
        [ft.Container(content=label(about(texts, claim), lines=2), expand=True), *_state(texts, claim)],
        spacing=Space.M,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    receipt = texts.t("Receipt {number}", number=claim.receipt_number)
    parts: list[ft.Control] = [head, caption(f"{claim.store_name} · {receipt} · {texts.money(claim.total)}")]
    parts += _outcome(texts, claim)
    if claim.purchase_id is not None:
        there = f"/purchases/{claim.purchase_id}"
        show = quiet(texts.t("Show the purchase"), lambda: go(there), icon=ft.Icons.RECEIPT_LONG, flush=True)
        parts.append(ft.Row([show]))
    return card(ft.Column(parts, spacing=Space.S, tight=True), key=claim.claim_id)


def _state(texts: Texts, claim: Claim) -> list[ft.Control]:
    if claim.state == "accepted":
        return [chip(texts.t("Accepted"), ft.Icons.CHECK, tone=Color.BRAND_SOFT, ink=Color.ON_BRAND_SOFT)]
    if claim.state == "refused":
        return [chip(texts.t("Refused"), ft.Icons.CLOSE)]
    return [chip(texts.t("Being looked at"), ft.Icons.SCHEDULE)] if claim.state == "open" else []


def _outcome(texts: Texts, claim: Claim) -> list[ft.Control]:
    if claim.state == "open":
        return [line(ft.Icons.EVENT_OUTLINED, texts.t("You get an answer by {date}.", date=texts.date(claim.due_at)))]
    said: list[ft.Control] = []
    if claim.state not in {"accepted", "refused"}:
        said.append(body(newer(texts), Color.QUIET))
    if claim.given:
        said.append(
            line(
                ft.Icons.SAVINGS_OUTLINED,
                texts.t("You got {amount}.", amount=texts.money(claim.given)),
                ink=Color.BRAND,
            )
        )
    elif claim.state == "accepted":
        said.append(body(texts.t("The purchase was added. By its rules it earned nothing."), Color.QUIET))
    if claim.reason is not None:
        said.append(body(reason_words(texts, claim.reason)))
    if claim.words:
        said.append(body(f"“{claim.words}”", Color.QUIET))
    return said
