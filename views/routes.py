"""The one table of screens: which route shows which component."""

from __future__ import annotations

import flet as ft

from views.screens.missing import Missing
from views.screens.till_basket import TillBasket
from views.screens.till_day import TillDay
from views.screens.till_receipt import TillReceipt
from views.screens.till_refund import TillRefund
from views.screens.till_refund_one import TillRefundOne
from views.screens.till_scan import TillScan
from views.shells import ShopperShell, StaffShell

STAFF_SCREENS = [
    ft.Route(path="till", component=TillScan),
    ft.Route(path="till/basket", component=TillBasket),
    ft.Route(path="till/receipt/:id", component=TillReceipt),
    ft.Route(path="till/refund", component=TillRefund),
    ft.Route(path="till/refund/:id", component=TillRefundOne),
    ft.Route(path="till/day", component=TillDay),
]


def routes(panes: bool) -> list[ft.Route]:
    """The routes; with ``panes`` a list and its detail share one view."""
    return [
        ft.Route(component=ShopperShell, outlet=True, children=[ft.Route(index=True, component=Missing)]),
        ft.Route(component=StaffShell, outlet=True, children=STAFF_SCREENS),
    ]
