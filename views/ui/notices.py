"""What the app has to say about itself: errors in place, warnings, and the age of what is shown."""

from __future__ import annotations

import flet as ft

from contract.errors import Problem
from services.texts import Texts
from views.session import use_now, use_session, use_texts
from views.state import use_slice
from views.tokens import Color, Size, Space
from views.ui.grown import grown
from views.ui.words import text

_REFRESH_AGE = 15.0
"""Seconds between two renderings of an age."""


def notice(
    sentence: str,
    *,
    icon: ft.IconData = ft.Icons.INFO_OUTLINED,
    tone: str = Color.WARM_SOFT,
    ink: str = Color.ON_WARM_SOFT,
    action: ft.Control | None = None,
    beside: ft.Control | None = None,
    live: bool = True,
) -> ft.Control:
    """A sentence in a soft box; a screen reader says it when it comes. A button stands below it, or ``beside``."""
    parts: list[ft.Control] = [
        ft.Icon(icon, size=grown(Size.ICON - Space.XS), color=ink),
        text(sentence, color=ink, expand=True),
    ]
    words = ft.Row(
        parts if beside is None else [*parts, beside],
        spacing=Space.M,
        vertical_alignment=ft.CrossAxisAlignment.START if beside is None else ft.CrossAxisAlignment.CENTER,
    )
    box = ft.Container(
        content=ft.Column([words, action], spacing=Space.S, tight=True) if action else words,
        bgcolor=tone,
        padding=ft.Padding.symmetric(vertical=Space.M, horizontal=Space.L),
        border_radius=Size.RADIUS_SMALL,
    )
    return ft.Semantics(content=box, live_region=live, container=True)


def error_notice(texts: Texts, problem: Problem | None, action: ft.Control | None = None) -> list[ft.Control]:
    """A refusal as its sentence, or nothing."""
    if problem is None:
        return []
    return [
        notice(
            texts.problem(problem),
            icon=ft.Icons.ERROR_OUTLINE,
            tone=Color.ERROR_SOFT,
            ink=Color.ON_ERROR_SOFT,
            action=action,
        )
    ]


@ft.component
def LinkBanner() -> ft.Control:
    """Offline since when; or, while connecting, how old what is shown is. Nothing while all is well."""
    session, texts = use_session(), use_texts()
    link, till = use_slice(session.store.link), use_slice(session.store.till)
    now = use_now(_REFRESH_AGE)
    if link.storage == "full":
        return _strip(
            ft.Icons.SD_CARD_ALERT_OUTLINED,
            texts.t("There is no room left on this device. What you see may be old until you make some."),
        )
    if link.storage == "rebuilt":
        sentence = texts.t("What this device kept could not be read. It is being fetched again.")
        return _strip(ft.Icons.RESTORE, sentence)
    if link.connection == "online" or (link.connection == "connecting" and link.fetched_at is None):
        return ft.Container(height=Space.NONE)
    if link.connection == "connecting" and link.fetched_at is not None:
        return _strip(ft.Icons.SYNC, texts.t("Updating. This is from {age}.", age=texts.ago(link.fetched_at, now)))
    if link.fetched_at is None:
        return _strip(ft.Icons.CLOUD_OFF_OUTLINED, texts.t("You are offline. We keep trying."))
    if till.kit_at is not None and link.offline_since is not None:
        return _strip(
            ft.Icons.CLOUD_OFF_OUTLINED,
            texts.t("Offline since {time}. You can go on selling.", time=texts.time(link.offline_since)),
        )
    if link.offline_since is None:
        return _strip(
            ft.Icons.CLOUD_OFF_OUTLINED,
            texts.t("You are offline. This is from {age}.", age=texts.ago(link.fetched_at, now)),
        )
    return _strip(
        ft.Icons.CLOUD_OFF_OUTLINED,
        texts.t(
            "You are offline since {time}. This is from {age}.",
            time=texts.time(link.offline_since),
            age=texts.ago(link.fetched_at, now),
        ),
    )


def _strip(icon: ft.IconData, sentence: str) -> ft.Control:
    row = ft.Row(
        [
            ft.Icon(icon, size=grown(Size.ICON - Space.XS), color=Color.ON_WARM_SOFT),
            text(sentence, color=Color.ON_WARM_SOFT, expand=True),
        ],
        spacing=Space.M,
    )
    box = ft.Container(
        content=row, bgcolor=Color.WARM_SOFT, padding=ft.Padding.symmetric(vertical=Space.S, horizontal=Space.L)
    )
    return ft.Semantics(content=box, live_region=True, container=True)
