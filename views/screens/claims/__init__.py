"""Claims: what was asked, what came of it, and asking anew; and how a purchase was."""

from views.screens.claims.asking import Ask
from views.screens.claims.listing import Claims

__all__ = ["Ask", "Claims"]
