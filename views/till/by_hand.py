"""The way to cashback by hand, for those who may give it."""

from __future__ import annotations

import flet as ft

from views.session import go, use_session, use_texts
from views.state import use_slice
from views.tokens import Space
from views.ui.buttons import quiet


@ft.component
def ByHand() -> ft.Control:
    """A quiet button for supervisors and managers; nothing for a cashier."""
    session, texts = use_session(), use_texts()
    staff = use_slice(session.store.who).staff
    if staff is None or staff.role == "cashier":
        return ft.Container(height=Space.NONE)
    name = texts.t("Give cashback by hand")
    return ft.Row([quiet(name, lambda: go("/till/credit"), icon=ft.Icons.VOLUNTEER_ACTIVISM_OUTLINED)])
