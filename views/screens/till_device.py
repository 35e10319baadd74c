"""How this till speaks and looks: for whoever stands at it, until somebody chooses again."""

from __future__ import annotations

import flet as ft

from views.session import use_texts, use_width
from views.ui import layout
from views.ui.preferences import Language, LetterSize, Theme
from views.ui.words import caption


@ft.component
def TillDevice() -> ft.Control:
    """Language, appearance and text size of this device."""
    texts, width = use_texts(), use_width()
    said = texts.t("This holds on this device for whoever signs in. A member's app keeps its own.")
    return layout.page([caption(said), Language(), Theme(), LetterSize()], width)
