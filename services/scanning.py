"""Reading codes: from camera pictures, and from scanners that type."""

from __future__ import annotations

import importlib
import io
from typing import Any, Protocol

LARGEST_SIDE = 1024
"""Pixels; a larger picture is read at half, a quarter or an eighth, which a JPEG gives for less work than the whole."""
PIXELS_MOST = 50_000_000


class Decoder(Protocol):
    """Finds a code in a picture."""

    def decode(self, picture: bytes) -> str | None:
        """The text of the first QR or Code 128 in a JPEG or PNG; None when there is none. Slow: call it in a thread."""


def zxing_decoder() -> Decoder | None:
    """A decoder by zxing-cpp and Pillow, or None where these are not installed (phones)."""
    try:
        zxing = importlib.import_module("zxingcpp")
        image = importlib.import_module("PIL.Image")
    except ImportError:
        return None
    return _ZXing(zxing, image)


class _ZXing:
    def __init__(self, zxing: Any, image: Any) -> None:
        self._zxing = zxing
        self._image = image
        formats = zxing.BarcodeFormat
        members, products = (
            [formats.QRCode, formats.Code128],
            [formats.EAN13, formats.EAN8, formats.UPCA, formats.DataMatrix],
        )
        self._formats = [*members, *products]

    def decode(self, picture: bytes) -> str | None:
        """None also for bytes that are no picture: the next frame may be one."""
        try:
            with self._image.open(io.BytesIO(picture)) as opened:
                if opened.width * opened.height > PIXELS_MOST:
                    return None
                opened.draft("L", (LARGEST_SIDE, LARGEST_SIDE))
                grey = opened.convert("L")
        except (OSError, ValueError, SyntaxError, self._image.DecompressionBombError):
            return None
        found = self._zxing.read_barcodes(grey, formats=self._formats)
        return next((str(it.text) for it in found if it.text), None)


class WedgeReader:
    """Tells a scanner that types from a person: its keys come faster than any hand's, and end with Enter."""

    def __init__(self, *, gap: float = 0.035, shortest: int = 8) -> None:
        self._gap = gap
        self._shortest = shortest
        self._typed: list[str] = []
        self._last = float("-inf")

    def feed(self, char: str, at: float) -> str | None:
        """Take one key at a time in seconds; the scanned text when this key (Enter) completes a scan, else None."""
        if at - self._last > self._gap or at < self._last:
            self._typed.clear()
        self._last = at
        if char in {"\r", "\n", "Enter"}:
            text, enough = "".join(self._typed), len(self._typed) >= self._shortest
            self._typed.clear()
            return text if enough else None
        if len(char) == 1:
            self._typed.append(char)
        return None
