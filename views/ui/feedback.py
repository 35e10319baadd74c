"""How was it? One tap, and a comment for who has more to say."""

from __future__ import annotations

from functools import partial
from typing import cast

import flet as ft

from contract.feedback import Feedback
from services.texts import Texts
from views.commands import use_command
from views.hooks import use_value
from views.session import use_session, use_task, use_texts
from views.tokens import Color, Size, Space
from views.ui.buttons import quiet
from views.ui.cards import card
from views.ui.field import Look, entry_field, use_entry_field
from views.ui.notices import error_notice
from views.ui.words import caption, title

FACES = (
    ft.Icons.SENTIMENT_VERY_DISSATISFIED,
    ft.Icons.SENTIMENT_DISSATISFIED,
    ft.Icons.SENTIMENT_NEUTRAL,
    ft.Icons.SENTIMENT_SATISFIED,
    ft.Icons.SENTIMENT_VERY_SATISFIED,
)
_COMMENT = Look(icon=ft.Icons.EDIT_NOTE)


@ft.component
def HowWasIt(purchase_id: str) -> ft.Control:
    """Five faces under a purchase. What is tapped is kept at once; it may be changed for a day."""
    session, texts = use_session(), use_texts()
    said, set_said = use_value(cast("Feedback | None", None))
    loaded, set_loaded = ft.use_state(False)

    async def load() -> None:
        set_said(await session.client.mine.feedback(purchase_id))
        set_loaded(True)

    async def give(rating: int, comment: str) -> None:
        set_said(await session.client.mine.give_feedback(purchase_id, rating, comment))

    loading, giving = use_command(load), use_command(give)

    async def arrive() -> None:
        await loading.run()

    use_task(arrive, [purchase_id])
    if not loaded:
        return ft.Container(height=Space.NONE)
    is_open = said is None or session.now() < said.open_until
    rating, comment = (said.rating, said.comment) if said is not None else (0, "")

    async def tap(value: int, _event: object = None) -> None:
        await giving.run(value, entry.text.strip() or comment)

    async def write() -> None:
        await giving.run(rating, entry.text.strip())

    entry = use_entry_field(on_submit=lambda _: write())
    names = face_names(texts)
    faces = [_face(names[n], FACES[n], n + 1 == rating, is_open, partial(tap, n + 1)) for n in range(5)]
    parts: list[ft.Control] = [
        title(texts.t("How was it?")),
        ft.Row(faces, spacing=Space.M),
    ]
    if said is not None and is_open:
        parts += [
            entry_field(entry, texts.t("Tell us more (optional)"), start=comment, look=_COMMENT),
            ft.Row([quiet(texts.t("Send"), write, icon=ft.Icons.SEND, disabled=giving.busy, flush=True)]),
        ]
    if said is not None:
        thanks = texts.t("Thank you. The store reads it.")
        parts.append(ft.Semantics(content=caption(thanks), live_region=True))
    inside = [*parts, *error_notice(texts, giving.problem)]
    return card(ft.Column(inside, spacing=Space.M, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH))


def face_names(texts: Texts) -> tuple[str, str, str, str, str]:
    """The five steps in words."""
    return (texts.t("Bad"), texts.t("Not good"), texts.t("All right"), texts.t("Good"), texts.t("Very good"))


def _face(name: str, icon: ft.IconData, chosen: bool, is_open: bool, tap: object) -> ft.Control:
    ink = Color.ON_BRAND_SOFT if chosen else Color.QUIET
    face = ft.Semantics(
        content=ft.Icon(icon, size=Size.ICON_LARGE, color=ink), label=name, selected=chosen, exclude_semantics=True
    )
    return ft.Container(
        content=face,
        width=Size.TARGET,
        height=Size.TARGET,
        border_radius=Size.TARGET,
        alignment=ft.Alignment.CENTER,
        bgcolor=Color.BRAND_SOFT if chosen else None,
        on_click=tap if is_open else None,  # type: ignore[arg-type]
        ink=is_open,
        tooltip=name,
    )
