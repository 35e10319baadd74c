"""The member code as it is shown: the digits of this moment, and its pictures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShownCode:
    """The code of this moment. `text` goes into QR and bar code, `grouped` is for eyes."""

    text: str
    digits: str
    grouped: str
    seconds_left: float
    period: int = 30


def qr_png(text: str, scale: int = 8) -> bytes:
    """A QR of `text` as PNG: black on white with its quiet zone, `scale` pixels a module."""
    raise NotImplementedError


def code128_png(text: str, scale: int = 2, height: int = 80) -> bytes:
    """A Code 128 of `text` as PNG: black on white with its quiet zones, `scale` pixels a module."""
    raise NotImplementedError
