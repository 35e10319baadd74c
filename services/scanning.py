"""Reading codes: from camera pictures, and from scanners that type."""

from __future__ import annotations

from typing import Protocol


class Decoder(Protocol):
    """Finds a code in a picture."""

    def decode(self, picture: bytes) -> str | None:
        """The text of the first QR or Code 128 in a JPEG or PNG; None when there is none. Slow: call it in a thread."""


def zxing_decoder() -> Decoder | None:
    """A decoder by zxing-cpp, or None where that library is not installed (phones)."""
    raise NotImplementedError


class WedgeReader:
    """Tells a scanner that types from a person: its keys come faster than any hand's, and end with Enter."""

    def __init__(self, *, gap: float = 0.035, shortest: int = 8) -> None:
        self.gap = gap
        self.shortest = shortest

    def feed(self, char: str, at: float) -> str | None:
        """Take one key at a time in seconds; the scanned text when this key (Enter) completes a scan, else None."""
        raise NotImplementedError
