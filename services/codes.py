"""The member code as it is shown: the digits of this moment, and its pictures."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime

import segno

from contract import member_code
from contract.members import CodeSecret
from services import code128, png

BEHIND = 2.0
"""Seconds that codes run behind the clock: the API takes the step before this one, but never the next."""


@dataclass(frozen=True, slots=True)
class ShownCode:
    """The code of this moment. `text` goes into QR and bar code, `grouped` is for eyes."""

    text: str
    digits: str
    grouped: str
    seconds_left: float
    period: int = member_code.PERIOD


def shown_code(secret: CodeSecret, now: datetime) -> ShownCode:
    """The code of a device at a moment of the API's time; needs no network."""
    seconds = now.timestamp() - BEHIND
    code = member_code.make(secret.member_number, secret.secret, member_code.step_at(seconds))
    return ShownCode(
        text=code.text,
        digits=code.digits,
        grouped=member_code.grouped(code.digits),
        seconds_left=member_code.PERIOD - seconds % member_code.PERIOD,
    )


def qr_png(text: str, scale: int = 8) -> bytes:
    """A QR of `text` as PNG: black on white with its quiet zone of 4 modules, `scale` pixels a module."""
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="png", scale=scale, border=4, dark="black", light="white")
    return out.getvalue()


def code128_png(text: str, scale: int = 2, height: int = 80) -> bytes:
    """A Code 128 of `text` as PNG: black on white, quiet zones of 10 modules, `scale` pixels a module."""
    quiet = [False] * 10
    row = [dark for module in (quiet + code128.modules(text) + quiet) for dark in [module] * scale]
    return png.black_and_white([row] * height)
