"""A member's data: what is kept and why, what she allows, a copy of it all, and leaving."""

from views.screens.privacy.consents import Consents
from views.screens.privacy.leaving import Leave
from views.screens.privacy.stay import Stay
from views.screens.privacy.stored import Privacy

__all__ = ["Consents", "Leave", "Privacy", "Stay"]
