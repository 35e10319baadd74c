"""Offers: the list, and each with its terms."""

from views.screens.offers.detail import OfferDetail
from views.screens.offers.listing import OfferList
from views.screens.offers.panes import OfferPanes

__all__ = ["OfferDetail", "OfferList", "OfferPanes"]
