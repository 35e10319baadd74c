"""A till, a member's device and a phone, as the till's own tests have them."""

from __future__ import annotations

from tests.api.till.conftest import device, till
from tests.support.phone import make_phone

__all__ = ["device", "make_phone", "till"]
