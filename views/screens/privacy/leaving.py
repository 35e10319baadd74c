"""Leaving: what it costs, a code that shows who asks, and the day it happens."""

from __future__ import annotations

import flet as ft

from contract.account import Leaving
from services.texts import Texts
from views.commands import use_command
from views.screens.privacy.copies import Copies
from views.session import go, use_session, use_task, use_texts, use_width
from views.tokens import Color, Space
from views.ui.buttons import primary, quiet, secondary
from views.ui.cards import card
from views.ui.chips import line
from views.ui.field import Look, entry_field, use_entry_field
from views.ui.layout import page
from views.ui.notices import error_notice
from views.ui.skeleton import rows
from views.ui.words import body, caption, title

DIGITS = 6
_CODE = Look(keyboard=ft.KeyboardType.NUMBER, autofill=ft.AutofillHint.ONE_TIME_CODE, digits=DIGITS, large=True)


@ft.component
def Leave() -> ft.Control:
    """Say what would be lost; go on only with a code."""
    session, texts, width = use_session(), use_texts(), use_width()
    sent, set_sent = ft.use_state(False)

    async def load() -> Leaving:
        return await session.client.mine.leaving()

    async def send() -> None:
        await session.client.mine.leaving_code()
        set_sent(True)

    loading, sending = use_command(load), use_command(send)

    async def arrive() -> None:
        await loading.run()

    use_task(arrive)
    leaving = loading.result
    if leaving is None:
        problem = error_notice(texts, loading.problem, quiet(texts.t("Try again"), loading.run))
        return page(problem or [rows(texts, 3)], width)
    parts: list[ft.Control] = [_cost(texts, leaving), Copies()]
    if sent:
        parts.append(Confirm(leaving.days))
    else:
        stay = secondary(texts.t("Keep my account"), lambda: go("/me"))
        on = quiet(
            texts.t("Delete my account"),
            sending.run,
            icon=ft.Icons.DELETE_OUTLINE,
            disabled=sending.busy,
            ink=Color.ERROR,
        )
        parts += [*error_notice(texts, sending.problem), ft.Row([stay, on], wrap=True, spacing=Space.M)]
    return page(parts, width)


def _cost(texts: Texts, leaving: Leaving) -> ft.Control:
    lost = leaving.available + leaving.pending
    parts: list[ft.Control] = [title(texts.t("If you leave"))]
    if lost:
        parts.append(
            line(
                ft.Icons.SAVINGS_OUTLINED,
                texts.t("You lose {amount} of cashback. Spend it first, if you like.", amount=texts.money(lost)),
                ink=Color.WARM,
            )
        )
    parts += [
        line(ft.Icons.PERSON_OFF_OUTLINED, texts.t("Your name, contact, birthday, devices and choices are erased.")),
        line(
            ft.Icons.RECEIPT_LONG_OUTLINED,
            texts.t("Receipts stay, as the law wants, but nothing says they were yours."),
        ),
        line(
            ft.Icons.EVENT_OUTLINED,
            texts.n(
                "You have {n} day to change your mind: sign in and stay.",
                "You have {n} days to change your mind: sign in and stay.",
                leaving.days,
            ),
        ),
        line(ft.Icons.LOGOUT, texts.t("Your other devices are signed out at once.")),
    ]
    return card(ft.Column(parts, spacing=Space.M, tight=True))


@ft.component
def Confirm(days: int) -> ft.Control:
    """The code that was sent, and the last step."""
    session, texts = use_session(), use_texts()
    version, set_version = ft.use_state(0)

    async def leave(code: str) -> None:
        await session.client.mine.leave(code)
        await session.client.refresh()

    command = use_command(leave)

    async def submit() -> None:
        if len(entry.text) == DIGITS and not await command.run(entry.text):
            entry.text = ""
            set_version(lambda before: before + 1)

    entry = use_entry_field(on_submit=lambda _: submit())
    return card(
        ft.Column(
            [
                title(texts.t("Is it you?")),
                body(texts.t("We sent you a code. Enter it to delete your account."), Color.QUIET),
                entry_field(entry, texts.t("6-digit code"), version=version, focus=True, look=_CODE),
                *error_notice(texts, command.problem),
                ft.Row(
                    [
                        primary(
                            texts.t("Delete my account"), submit, busy=command.busy, tone=Color.ERROR, ink=Color.PAGE
                        ),
                        quiet(texts.t("Keep my account"), lambda: go("/me")),
                    ],
                    wrap=True,
                    spacing=Space.M,
                ),
                caption(
                    texts.n("It is erased in {n} day, not at once.", "It is erased in {n} days, not at once.", days)
                ),
            ],
            spacing=Space.M,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    )
