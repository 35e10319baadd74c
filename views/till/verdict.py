"""A scan that was refused: in colour, in few large words, and in a sentence that says what to do."""

from __future__ import annotations

import flet as ft

from contract.errors import ErrorCode, Problem
from services.texts import Texts
from views.tokens import Color, Size, Space, Type
from views.ui.words import body, text


def in_short(texts: Texts, code: ErrorCode) -> str:
    """What is wrong with a scan in a word or two, to be read at arm's length."""
    words = {
        ErrorCode.CODE_OLD: texts.t("Old code"),
        ErrorCode.CODE_USED: texts.t("Used code"),
        ErrorCode.CODE_OTHER_PROGRAMME: texts.t("Another chain's code"),
        ErrorCode.CODE_MALFORMED: texts.t("Not a member code"),
        ErrorCode.CODE_UNKNOWN: texts.t("Unknown code"),
        ErrorCode.DEVICE_SIGNED_OUT: texts.t("Signed-out phone"),
        ErrorCode.OWN_ACCOUNT: texts.t("Your own account"),
        ErrorCode.MEMBER_UNKNOWN: texts.t("Nobody by this contact"),
        ErrorCode.OFFLINE: texts.t("No network"),
        ErrorCode.TOO_MANY_REQUESTS: texts.t("Too often"),
    }
    return words.get(code, texts.t("Not taken"))


def refused(texts: Texts, problem: Problem | None, action: ft.Control | None = None) -> list[ft.Control]:
    """The refusal as a card, or nothing."""
    if problem is None:
        return []
    ink = Color.ON_ERROR_SOFT
    words = ft.Column(
        [text(in_short(texts, problem.code), Type.HEADLINE, ink), body(texts.problem(problem), ink)],
        spacing=Space.XS,
        tight=True,
        expand=True,
    )
    mark = ft.Icon(ft.Icons.CANCEL, size=Size.LOGO, color=Color.ERROR)
    row = ft.Row([mark, words], spacing=Space.L, vertical_alignment=ft.CrossAxisAlignment.CENTER)
    box = ft.Container(
        content=ft.Column([row, action], spacing=Space.M, tight=True) if action else row,
        bgcolor=Color.ERROR_SOFT,
        border_radius=Size.RADIUS,
        padding=Space.L,
    )
    return [ft.Semantics(content=box, live_region=True, container=True)]
