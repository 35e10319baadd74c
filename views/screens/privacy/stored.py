"""What is stored and why, in plain words, and the ways to do something about it."""

from __future__ import annotations

import flet as ft

from services.texts import Texts
from views.screens.privacy.copies import Copies
from views.session import go, use_texts, use_width
from views.tokens import Color, Space
from views.ui.buttons import quiet
from views.ui.cards import card, divider
from views.ui.layout import page
from views.ui.rows import row, section
from views.ui.words import body


@ft.component
def Privacy() -> ft.Control:
    """Everything that is kept of a member, and what for."""
    texts, width = use_texts(), use_width()
    parts = [
        section(texts.t("What we keep, and why")),
        _rows(texts),
        card(
            row(
                texts.t("What may we send you?"),
                texts.t("News, offers and questions: yes or no, for each way to reach you"),
                icon=ft.Icons.NOTIFICATIONS_OUTLINED,
                trailing=ft.Icon(ft.Icons.CHEVRON_RIGHT, color=Color.QUIET),
                on_click=lambda: go("/me/consents"),
            ),
            padding=Space.NONE,
        ),
        section(texts.t("Take it along")),
        Copies(),
        section(texts.t("Leave")),
        card(
            ft.Column(
                [
                    body(
                        texts.t("Everything that says who you are is erased. You see first what you would lose."),
                        Color.QUIET,
                    ),
                    ft.Row(
                        [
                            quiet(
                                texts.t("Delete my account"),
                                lambda: go("/me/leave"),
                                icon=ft.Icons.DELETE_OUTLINE,
                                ink=Color.ERROR,
                                flush=True,
                            )
                        ]
                    ),
                ],
                spacing=Space.S,
                tight=True,
            )
        ),
    ]
    return page(parts, width)


def _rows(texts: Texts) -> ft.Control:
    kept = [
        (ft.Icons.ALTERNATE_EMAIL, texts.t("Your e-mail or phone"), texts.t("To send you the code that signs you in.")),
        (ft.Icons.PERSON_OUTLINE, texts.t("Your name"), texts.t("To greet you, here and at the till.")),
        (ft.Icons.CAKE_OUTLINED, texts.t("Your birthday"), texts.t("For birthday offers, if you told us.")),
        (
            ft.Icons.RECEIPT_LONG_OUTLINED,
            texts.t("Your purchases"),
            texts.t("To work out your cashback, and to show you why. The law wants receipts kept."),
        ),
        (
            ft.Icons.SAVINGS_OUTLINED,
            texts.t("Every change of your balance"),
            texts.t("So that no cent is lost, and you can check each one."),
        ),
        (ft.Icons.DEVICES, texts.t("Your devices"), texts.t("So that you can see and sign out each of them.")),
        (ft.Icons.TASK_ALT, texts.t("Each yes and no of yours"), texts.t("To prove what you allowed, and when.")),
    ]
    lines: list[ft.Control] = []
    for icon, name, why in kept:
        lines += [divider()] if lines else []
        lines.append(row(name, why, icon=icon))
    return card(ft.Column(lines, spacing=Space.NONE, tight=True), padding=Space.NONE)
