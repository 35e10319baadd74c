"""That this device is new to the account, and from when on its codes may spend."""

from __future__ import annotations

import flet as ft

from views.session import use_now, use_session, use_texts
from views.state import use_slice
from views.tokens import Size, Space
from views.ui.notices import notice

_TICK = 30.0


@ft.component
def SpendingOpens() -> ft.Control:
    """One sentence until the time has come, from the cache too; then nothing."""
    session, texts, now = use_session(), use_texts(), use_now(_TICK)
    profile = use_slice(session.store.who).profile
    opens = None if profile is None else profile.spending_opens_at
    if opens is None or opens <= now:
        return ft.Container(height=Space.NONE)
    sentence = texts.t(
        "You are new on this device: you earn at once. Spending opens on {date} at {time}.",
        date=texts.date(opens),
        time=texts.time(opens),
    )
    return ft.Container(
        content=notice(sentence, icon=ft.Icons.LOCK_CLOCK, live=False), width=Size.BARCODE_WIDTH + 2 * Space.L
    )
