"""What members say, for the manager: claims to decide, and feedback to read."""

from views.screens.voices.claims import ClaimsToDecide
from views.screens.voices.feedback import Heard

__all__ = ["ClaimsToDecide", "Heard"]
