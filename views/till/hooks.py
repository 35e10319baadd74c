"""Flet's hooks with their types, as the till's parts know them."""

from views.hooks import use_kept, use_value, use_watched

__all__ = ["use_kept", "use_value", "use_watched"]
