"""A till asks whether it may spend more than it may without asking: wherever the member is in the app."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import flet as ft

from services.state import Asked
from services.texts import Texts
from views.commands import use_command
from views.hooks import use_kept, use_watched
from views.session import use_client, use_now, use_session, use_task, use_texts
from views.state import use_slice
from views.tokens import Color, Size, Space
from views.ui.buttons import primary, secondary
from views.ui.keyed import keyed
from views.ui.notices import error_notice
from views.ui.ring import ring, share_bp
from views.ui.words import body, caption, display, text, title

_STAYS = 4.0
"""Seconds that an answer stays on the screen before it goes by itself."""


@ft.observable
@dataclass(eq=False)
class Front:
    """The request in front of the member, and how far she is with it."""

    asked: Asked | None = None
    phase: Literal["asking", "allowed", "refused", "late"] = "asking"

    def follow(self, asked: tuple[Asked, ...], now: datetime) -> None:
        """Bring the newest that can be answered to the front, unless what is there is still being read."""
        open_ = [each for each in asked if each.until > now]
        if self.asked is not None and (self.phase != "asking" or self.asked in open_):
            return
        self.asked, self.phase = (open_[0] if open_ else None), "asking"

    def close(self, asked: tuple[Asked, ...], now: datetime) -> None:
        """It was read; the next comes."""
        self.asked, self.phase = None, "asking"
        self.follow(asked, now)


def use_requests() -> None:
    """Show what tills ask, over any screen of the app."""
    session = use_session()
    asked = use_slice(session.store.asked)
    front = use_watched(use_kept(Front))

    ft.use_effect(lambda: front.follow(asked, session.now()), [asked])
    shown = front.asked
    dialog: ft.AlertDialog | None = None
    if shown is not None:
        dialog = ft.AlertDialog(
            modal=True,
            scrollable=True,
            bgcolor=Color.CARD,
            actions_padding=Space.NONE,  # its buttons are part of its content
            content=ft.Container(
                content=keyed(Request, shown.request.confirmation_id, front, shown), width=Size.LIST_PANE - Space.HUGE
            ),
        )
    ft.use_dialog(dialog)


def _question(texts: Texts, phase: str) -> str:
    names = {
        "asking": texts.t("Do you allow this?"),
        "allowed": texts.t("You allowed it"),
        "refused": texts.t("You refused it"),
        "late": texts.t("Too late"),
    }
    return names[phase]


@ft.component
def Request(front: Front, asked: Asked) -> ft.Control:
    """Who asks for how much, what remains, how long there is, and the two answers."""
    session, client, texts = use_session(), use_client(), use_texts()
    front, now = use_watched(front), use_now(1.0)
    request = asked.request

    def close() -> None:
        front.close(session.store.asked.value, session.now())

    async def answer(allow: bool) -> None:
        if front.phase != "asking":  # a second tap on what was answered just now
            return
        await client.confirmations.answer(request.confirmation_id, allow=allow)
        front.phase = "allowed" if allow else "refused"

    command = use_command(answer)

    def too_late() -> None:
        if front.phase == "asking" and now >= asked.until and not command.busy:
            front.phase = "late"

    async def leave() -> None:
        if front.phase in {"allowed", "refused"}:
            await session.sleep(_STAYS)
            close()

    ft.use_effect(too_late, [now])
    use_task(leave, [front.phase])
    amount = texts.money(request.amount)
    figures: list[ft.Control] = [
        ft.Semantics(
            content=ft.Column(
                [
                    body(texts.t("{store} asks to spend", store=request.store_name), Color.QUIET, centred=True),
                    display(amount, centred=True),
                    body(_of_what(texts, asked), Color.QUIET, centred=True),
                ],
                spacing=Space.S,
                tight=True,
                horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            ),
            live_region=True,
            container=True,
        )
    ]
    below = _asking(texts, asked, now) if front.phase == "asking" else _done(texts, front.phase)
    parts: list[ft.Control] = [title(_question(texts, front.phase), centred=True), *figures, *below]
    parts += error_notice(texts, command.problem)
    if front.phase == "asking" and command.problem is None:
        parts += [
            primary(texts.t("Allow"), functools.partial(command.run, True), busy=command.busy, icon=ft.Icons.CHECK),
            secondary(
                texts.t("Refuse"), functools.partial(command.run, False), disabled=command.busy, icon=ft.Icons.CLOSE
            ),
        ]
    else:
        parts.append(secondary(texts.t("Close"), close))
    return ft.Column(parts, spacing=Space.L, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _of_what(texts: Texts, asked: Asked) -> str:
    remaining = texts.money(asked.request.remaining)
    if not asked.request.redeem_points:
        return texts.t("of your cashback. {amount} of it remains.", amount=remaining)
    points = texts.n("{n} point", "{n} points", asked.request.redeem_points)
    return texts.t("With {points} in it. {amount} of your cashback remains.", points=points, amount=remaining)


def _asking(texts: Texts, asked: Asked, now: datetime) -> list[ft.Control]:
    left = max(0.0, (asked.until - now).total_seconds())
    whole = (asked.request.answer_by - asked.request.asked_at).total_seconds()
    words = texts.n("{n} second left", "{n} seconds left", round(left))
    share = share_bp(round(left * 1000), round(whole * 1000))
    row = ft.Row(
        [
            ring(share, words, size=Size.RING_SMALL, stroke=Size.RING_SMALL_STROKE),
            text(words, color=Color.QUIET, yields=True),
        ],
        spacing=Space.M,
        alignment=ft.MainAxisAlignment.CENTER,
    )
    return [
        ft.Semantics(content=row, label=words, exclude_semantics=True),
        caption(texts.t("Allow it only if you are at this till now."), centred=True),
    ]


def _done(texts: Texts, phase: str) -> list[ft.Control]:
    said = {
        "allowed": texts.t("The till goes on by itself."),
        "refused": texts.t("Nothing was spent. The till can spend less instead."),
        "late": texts.t("There was no answer in time. Nothing was spent."),
    }
    return [ft.Semantics(content=body(said[phase], centred=True), live_region=True, container=True)]
