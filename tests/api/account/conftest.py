"""Fixtures of an account's tests."""

from tests.support.phone import make_phone

__all__ = ["make_phone"]
