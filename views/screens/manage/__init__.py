"""What a manager looks after: reviews, staff, products, the till's settings, and the trail of who did what."""

from views.screens.manage.hub import Manage
from views.screens.manage.settings import TillSettings
from views.screens.manage.spending import SpendingLimits
from views.screens.manage.trail import Trail

__all__ = ["Manage", "SpendingLimits", "TillSettings", "Trail"]
