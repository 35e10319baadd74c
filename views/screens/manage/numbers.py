"""Limits as a manager types and reads them: whole numbers with so many places behind the point."""

from __future__ import annotations


def shown(value: int, places: int) -> str:
    """A number as it is typed; what is nought behind the point is left out."""
    whole, part = divmod(value, 10**places)
    return f"{whole}.{part:0{places}d}" if places and part else str(whole)


def number(text: str, places: int) -> int | None:
    """What was typed, with a point or a comma; None when it is no number with so many places."""
    whole, _, part = text.strip().replace(",", ".").partition(".")
    if not (whole + part).isdecimal() or len(part) > places or not (whole + part).isascii():
        return None
    return int((whole or "0") + part.ljust(places, "0"))
