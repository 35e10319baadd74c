"""The terms that held on the day of a purchase, for ever; and the programme's own."""

from views.screens.terms.programme import OwnTerms
from views.screens.terms.screen import TermsOfDay

__all__ = ["OwnTerms", "TermsOfDay"]
