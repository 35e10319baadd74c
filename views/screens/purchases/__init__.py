"""Purchases: by month, and each with why every line earned what it did."""

from views.screens.purchases.detail import PurchaseDetail
from views.screens.purchases.listing import PurchaseList
from views.screens.purchases.panes import PurchasePanes

__all__ = ["PurchaseDetail", "PurchaseList", "PurchasePanes"]
