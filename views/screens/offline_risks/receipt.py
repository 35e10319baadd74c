"""One receipt that was sold without a network, and what came of it."""

from __future__ import annotations

import flet as ft

from contract.errors import ErrorCode
from contract.till_kit import OfflineRisk
from services.texts import Texts
from views.till.queue import why_refused
from views.tokens import Color, Space
from views.ui.cards import card
from views.ui.chips import chip
from views.ui.words import body, caption, title


def receipt_card(texts: Texts, risk: OfflineRisk) -> ft.Control:
    """What was spent, of how much that might be, who gave it to whom, and what did not hold."""
    when = texts.t("{date} at {time}", date=texts.date(risk.confirmed_at), time=texts.time(risk.confirmed_at))
    who = " · ".join(part for part in (risk.staff_name, risk.store_name, risk.till) if part)
    parts: list[ft.Control] = [
        ft.Row([ft.Container(content=title(_spent(texts, risk)), expand=True), _state(texts, risk)]),
        caption(" · ".join(part for part in (who, when) if part)),
    ]
    said = _came_of(texts, risk)
    if said:
        parts.append(body(said))
    member = [risk.member_name] if risk.member_name else []
    parts.append(caption(" · ".join([*member, texts.t("Receipt {number}", number=risk.receipt_number)])))
    return card(ft.Column(parts, spacing=Space.S, tight=True), key=risk.receipt_number)


def _spent(texts: Texts, risk: OfflineRisk) -> str:
    if not risk.spent:
        return texts.t("Nothing spent")
    if not risk.limit:
        return texts.t("{amount} spent", amount=texts.money(risk.spent))
    return texts.t("{amount} spent, of {limit} at most", amount=texts.money(risk.spent), limit=texts.money(risk.limit))


def _state(texts: Texts, risk: OfflineRisk) -> ft.Control:
    if risk.outcome == "refused":
        return chip(texts.t("Refused"), ft.Icons.BLOCK, tone=Color.ERROR_SOFT, ink=Color.ON_ERROR_SOFT)
    if risk.shortfall:
        return chip(texts.t("Not covered"), ft.Icons.ERROR_OUTLINE, tone=Color.ERROR_SOFT, ink=Color.ON_ERROR_SOFT)
    if risk.earned.amount < risk.told.amount:
        return chip(texts.t("Earned less"), ft.Icons.SOUTH_EAST, tone=Color.WARM_SOFT, ink=Color.ON_WARM_SOFT)
    return chip(texts.t("Covered"), ft.Icons.CHECK)


def _came_of(texts: Texts, risk: OfflineRisk) -> str:
    said = []
    if risk.outcome == "refused":
        known = risk.code in set(ErrorCode)
        said.append(why_refused(texts, ErrorCode(risk.code) if known and risk.code else ErrorCode.INVALID_INPUT))
    if risk.shortfall:
        said.append(texts.t("No balance covered {amount}; the store bears it.", amount=texts.money(risk.shortfall)))
    if risk.outcome != "refused" and risk.earned.amount < risk.told.amount:
        said.append(
            texts.t("It earned {earned}, not {told}.", earned=texts.money(risk.earned), told=texts.money(risk.told))
        )
    return " ".join(said)
