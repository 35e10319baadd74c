"""What stands beside words and grows with them."""

from __future__ import annotations

import flet as ft

from views.session import session_of


def grown(size: int) -> int:
    """A measure as much larger as this reader has text; outside an app as it is."""
    try:
        page = ft.context.page
    except RuntimeError:
        return size
    session = session_of(page)
    return size if session is None else round(size * session.preferences.scale)
