"""The one table of screens: which route shows which component."""

from __future__ import annotations

import flet as ft

from views.screens.missing import Missing
from views.shells import ShopperShell, StaffShell

# Staff's screens: ft.Route(path="till", component=TillScan), ft.Route(path="till/receipt/:id", component=TillReceipt).
# Each component gives the content; StaffShell around it gives the view, the bar or rail, the banner and the guard.
STAFF_SCREENS: list[ft.Route] = []


def routes(panes: bool) -> list[ft.Route]:
    """The routes; with ``panes`` a list and its detail share one view."""
    return [
        ft.Route(component=ShopperShell, outlet=True, children=[ft.Route(index=True, component=Missing)]),
        ft.Route(
            component=StaffShell, outlet=True, children=STAFF_SCREENS or [ft.Route(path="till", component=Missing)]
        ),
    ]
