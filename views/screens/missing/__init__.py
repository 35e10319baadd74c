"""A link that leads nowhere."""

from __future__ import annotations

import flet as ft

from views.session import go, use_texts
from views.ui.buttons import primary
from views.ui.empty import empty


@ft.component
def Missing() -> ft.Control:
    """There is no such screen: a sentence, and the way home."""
    texts = use_texts()
    home = primary(texts.t("Go to the start"), lambda: go("/"))
    nothing = empty("lost", texts.t("There is nothing at this link."), home)
    return ft.Container(content=nothing, alignment=ft.Alignment.CENTER, expand=True)
