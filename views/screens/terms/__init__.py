"""The terms that held on the day of a purchase, for ever."""

from views.screens.terms.screen import TermsOfDay

__all__ = ["TermsOfDay"]
