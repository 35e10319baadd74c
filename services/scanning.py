"""Reading codes: from camera pictures, and from scanners that type."""

from __future__ import annotations

import importlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from contract import gs1, member_code

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


FAST = 0.4
"""Seconds between two keys, as they arrive, up to which a scanner may have typed them: a network stretches that."""
FORGOTTEN = 30.0
"""Seconds without a key after which what stands there belongs to nothing any more."""
_MOST_KEYS = 200
_ENDS = frozenset({"Enter", "\r", "\n"})


@dataclass(frozen=True, slots=True)
class Keyed:
    """What was keyed up to an Enter, with the seconds before each of its characters, and before the Enter."""

    text: str = ""
    pauses: tuple[float, ...] = ()
    rest: float = 0.0

    @property
    def tail(self) -> str:
        """What came as fast as a scanner types, right up to the Enter; empty where that waited."""
        return list(self._parts())[-1] if self.rest <= FAST else ""

    def find(self, fits: Callable[[str], bool]) -> str:
        """The longest end that begins with the whole or after a pause, and fits; empty when none does.

        A pause proves no person: a code stays one when a busy machine hears its keys late.
        """
        return next((part for part in self._parts() if fits(part)), "")

    def before(self, part: str) -> str:
        """What stands before an end of it."""
        return self.text.removesuffix(part)

    def _parts(self) -> Iterator[str]:
        yield self.text
        for place, pause in enumerate(self.pauses):
            if place and pause > FAST:
                yield self.text[place:]


class KeyLog:
    """Keeps what is keyed between two Enters, whichever screen hears it: a scan may begin on one and end on another."""

    def __init__(self) -> None:
        self._keys: list[tuple[str, float]] = []
        self._last = float("-inf")

    def feed(self, key: str, at: float) -> Keyed | None:
        """Take one key by its name, at a time in seconds; an Enter answers with all before it."""
        pause, self._last = at - self._last, at
        if key in _ENDS:
            keys, self._keys = self._keys, []
            return Keyed("".join(key for key, _ in keys), tuple(before for _, before in keys), pause)
        if key == "Escape" or pause > FORGOTTEN:
            self._keys = []
        if key == "Backspace":
            self._keys = self._keys[:-1]
        elif len(key) == 1:
            self._keys = [*self._keys[1 - _MOST_KEYS :], (key, pause)]
        return None

    @property
    def standing(self) -> Keyed:
        """What was keyed since the last Enter, so far."""
        return Keyed("".join(key for key, _ in self._keys), tuple(before for _, before in self._keys))

    def took(self, code: str) -> None:
        """A code that may stand at its end was taken without an Enter: one that comes late ends nothing any more."""
        if code and self.standing.text.casefold().endswith(code.casefold()):
            self._keys = self._keys[: -len(code)]

    def clear(self) -> None:
        """What stands there was taken in another way."""
        self._keys = []


def product_code(keyed: Keyed, *, in_field: bool) -> str:
    """The product's code in what was keyed, by its form and its check digit; empty when there is none.

    However slowly it came, it is one; only what is typed into a field is the field's own, unless it was fast. Eight
    digits that were meant as an amount are one when a category is chosen for them: a wrong question costs less.
    """
    return keyed.find(lambda part: is_product_code(part) and (part == keyed.tail or not in_field))


def is_product_code(text: str) -> bool:
    """Whether a text is a product's code: EAN-13, EAN-8, UPC, GTIN-14, or GS1 elements that name a product."""
    try:
        gs1.parse(text)
    except gs1.NoProductCode:
        return False
    return True


def is_member_code(text: str) -> bool:
    """Whether a text is a member's code with a right check digit; of whom and from when, only the API knows."""
    try:
        member_code.parse(text)
    except member_code.MalformedCode:
        return False
    return True
