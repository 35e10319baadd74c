"""The till's queue in words: how it stands, and what came of each receipt."""

from __future__ import annotations

import flet as ft

from contract.errors import ErrorCode
from services.offline_sales import QueueItem
from services.state import TillStatus
from services.texts import Texts
from views.session import go, use_session, use_texts
from views.state import use_slice
from views.tokens import Color, Size, Space
from views.ui.cards import card
from views.ui.rows import mark
from views.ui.words import caption, label

QUEUE = "/till/queue"
_BAD_CODES = {ErrorCode.CODE_UNKNOWN, ErrorCode.CODE_OLD, ErrorCode.CODE_MALFORMED, ErrorCode.IDENTIFICATION_EXPIRED}


@ft.component
def QueueCard() -> ft.Control:
    """How the queue stands, and the way to it; nothing while there is nothing to say."""
    session, texts = use_session(), use_texts()
    status = use_slice(session.store.till)
    if not (status.waiting or status.posted or status.problems):
        return ft.Container(height=Space.NONE)
    first, second = said(texts, status)
    icon = ft.Icons.ERROR_OUTLINE if status.problems else _icon(status)
    words = ft.Column(
        [label(first, lines=2), *([caption(second, lines=2)] if second else [])],
        spacing=Space.HAIR,
        tight=True,
        expand=True,
    )
    lead = mark(icon, Color.WARM_SOFT, Color.ON_WARM_SOFT) if status.problems else mark(icon)
    end = ft.Icon(ft.Icons.CHEVRON_RIGHT, color=Color.QUIET, size=Size.ICON)
    row = ft.Row([lead, words, end], spacing=Space.M, vertical_alignment=ft.CrossAxisAlignment.CENTER)
    spoken = ft.Semantics(
        content=row, label=". ".join(part for part in (first, second) if part), exclude_semantics=True
    )
    box = card(spoken, tone=Color.CARD_RAISED, padding=Space.M, on_click=lambda: go(QUEUE))
    return ft.Container(content=box, padding=ft.Padding.only(top=Space.M))


def said(texts: Texts, status: TillStatus) -> tuple[str, str]:
    """The most important thing about the queue, and the next one."""
    parts = []
    if status.problems:
        parts.append(
            texts.n("{n} receipt needs a look.", "{n} receipts need a look.", status.problems),
        )
    if status.waiting:
        parts.append(
            texts.n("{n} receipt waits for the network.", "{n} receipts wait for the network.", status.waiting),
        )
    if status.posted:
        parts.append(texts.n("{n} receipt was posted since.", "{n} receipts were posted since.", status.posted))
    return parts[0], " ".join(parts[1:])


def _icon(status: TillStatus) -> ft.IconData:
    return ft.Icons.SCHEDULE_SEND_OUTLINED if status.waiting else ft.Icons.CHECK


def came_of(texts: Texts, item: QueueItem) -> str:
    """What came of a receipt, and what to do."""
    if item.state == "waiting" or item.outcome is None:
        return texts.t("Waits for the network.")
    if item.outcome.problem is not None:
        return _refused(texts, item, item.outcome.problem.code)
    posted = item.outcome.receipt
    if item.outcome.shortfall is not None:
        return texts.t(
            "Posted. {amount} of the cashback was not there any more. The store bears it; your manager can see it.",
            amount=texts.money(item.outcome.shortfall),
        )
    if posted is None:
        return texts.t("Posted.")
    if item.earned_less:
        return texts.t(
            "Posted. It earned {earned}, not {told}. Tell your manager.",
            earned=texts.money(posted.earned),
            told=texts.money(item.receipt.told),
        )
    return texts.t("Posted for {name}, earned {amount}.", name=posted.member_name, amount=texts.money(posted.earned))


def why_refused(texts: Texts, code: ErrorCode) -> str:
    """Why a receipt that was sold without a network was not posted."""
    if code is ErrorCode.CODE_USED:
        return texts.t("The code had been used for another receipt, so this one earned nothing.")
    if code is ErrorCode.CODE_OTHER_PROGRAMME:
        return texts.t("The code is of another chain, so this receipt earned nothing.")
    if code in _BAD_CODES:
        return texts.t("No member's app had shown this code, so the receipt earned nothing.")
    if code is ErrorCode.RECEIPT_ALREADY_POSTED:
        return texts.t("A receipt with this number was posted before. Look it up.")
    return texts.problem(code)


def _refused(texts: Texts, item: QueueItem, code: ErrorCode) -> str:
    why = why_refused(texts, code)
    if item.receipt.redeemed:
        return (
            why
            + " "
            + texts.t("{amount} was taken off the price. Tell your manager.", amount=texts.money(item.receipt.redeemed))
        )
    return why + " " + texts.t("If the customer asks, your manager can help.")
