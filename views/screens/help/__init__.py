"""Help: how it all works, in a few plain sentences each."""

from __future__ import annotations

import flet as ft

from services.texts import Texts
from views.session import go, use_session, use_texts, use_width
from views.state import use_slice
from views.tokens import Color, Space
from views.ui.buttons import quiet
from views.ui.cards import card
from views.ui.entry import entry_view, heading
from views.ui.layout import page
from views.ui.rows import mark
from views.ui.words import body, title


@ft.component
def Help() -> ft.Control:
    """For who is signed in."""
    texts, width = use_texts(), use_width()
    more = ft.Row(
        [
            quiet(texts.t("Your claims"), lambda: go("/me/claims"), icon=ft.Icons.SUPPORT_AGENT),
            quiet(texts.t("Your data"), lambda: go("/me/privacy"), icon=ft.Icons.SHIELD_OUTLINED),
        ],
        wrap=True,
    )
    return page([*answers(texts), more], width)


@ft.component
def HelpAtDoor() -> ft.View:
    """For who is not signed in yet."""
    session, texts, width = use_session(), use_texts(), use_width()
    path = ft.use_view_path()
    home = "/me" if use_slice(session.store.who).kind == "member" else "/sign-in"
    parts = [heading(texts.t("Help"), texts.t("How your wallet works.")), *answers(texts)]
    return entry_view(texts, path, width, parts, back=home)


def answers(texts: Texts) -> list[ft.Control]:
    """A card a question."""
    return [
        _answer(
            ft.Icons.SAVINGS_OUTLINED,
            texts.t("How do I earn cashback?"),
            texts.t("Show your code when you pay, in a store or online. Part of the price comes back to you."),
            texts.t("First it is pending, until the goods can no longer be returned. Then it is yours to spend."),
        ),
        _answer(
            ft.Icons.PAYMENTS_OUTLINED,
            texts.t("How do I spend it?"),
            texts.t("Show your code and say how much you want to spend. What expires first is spent first."),
        ),
        _answer(
            ft.Icons.QR_CODE_2,
            texts.t("Why does my code change?"),
            texts.t("So that nobody can use a picture of it. A new code comes every 30 seconds, also with no network."),
        ),
        _answer(
            ft.Icons.CLOUD_OFF_OUTLINED,
            texts.t("What works with no network?"),
            texts.t("Your code, and everything you have seen before. Offers that you activate are sent later."),
        ),
        _answer(
            ft.Icons.SUPPORT_AGENT,
            texts.t("Something is missing. What now?"),
            texts.t("Open the purchase, or Me and then Claims, and tell us what is wrong. You see the answer there."),
        ),
        _answer(
            ft.Icons.ASSIGNMENT_RETURN_OUTLINED,
            texts.t("What happens when I return something?"),
            texts.t(
                "What it earned is taken back. Cashback that you spent on it comes back to you, with the same last day."
            ),
        ),
        _answer(
            ft.Icons.LOGOUT,
            texts.t("How do I leave?"),
            texts.t("Under Me, Your data. Take a copy along first. You then have some days to change your mind."),
        ),
    ]


def _answer(icon: ft.IconData, question: str, *sentences: str) -> ft.Control:
    words = ft.Column(
        [title(question), *(body(sentence, Color.QUIET) for sentence in sentences)],
        spacing=Space.S,
        tight=True,
        expand=True,
    )
    return card(ft.Row([mark(icon), words], spacing=Space.L, vertical_alignment=ft.CrossAxisAlignment.START))
