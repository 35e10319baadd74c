"""Product codes: EAN-13, EAN-8, UPC and GTIN-14 by their check digit, and GS1 element strings as a DataMatrix holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from contract.rules.dates import month_end

GS = "\x1d"
_LENGTHS = frozenset({8, 12, 13, 14})
_FIXED = {"00": 18, "01": 14, "02": 14, "11": 6, "12": 6, "13": 6, "15": 6, "16": 6, "17": 6, "20": 2}
_VARIABLE = {"10": 20, "21": 20, "22": 20, "30": 8, "37": 8, "240": 30, "241": 30, "242": 6, "250": 30}
_MEASURES = re.compile(r"31[0-6][0-5]|32[0-9][0-5]|33[0-7][0-5]|34[0-9][0-5]|35[0-7][0-5]|36[0-9][0-5]")
_SYMBOLOGY = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
_LONGEST = 200


class NoProductCode(ValueError):
    """What was read is no product code."""


@dataclass(frozen=True, slots=True)
class ScannedProduct:
    """What a code says of the thing in hand. `gtin` has 14 digits."""

    gtin: str
    batch: str = ""
    serial: str = ""
    expires_on: date | None = None
    grams: int | None = None
    pieces: int | None = None


def parse(text: str) -> ScannedProduct:
    """What a scanner read: bare digits, or an element string with or without brackets and a symbology's prefix.

    Raises NoProductCode.
    """
    plain = _SYMBOLOGY.sub("", text.strip(" \r\n\t")).lstrip(GS)
    if not plain or len(plain) > _LONGEST:
        raise NoProductCode("no product code")
    if plain.isascii() and plain.isdigit() and len(plain) in _LENGTHS:
        return ScannedProduct(gtin(plain))
    elements = _bracketed(plain) if plain.startswith("(") else _elements(plain)
    number = elements.get("01") or elements.get("02")
    if number is None:
        raise NoProductCode("the code names no product")
    grams = next((_grams(ai, value) for ai, value in elements.items() if ai.startswith("310")), None)
    pieces = elements.get("30") or elements.get("37")
    return ScannedProduct(
        gtin(number),
        batch=elements.get("10", ""),
        serial=elements.get("21", ""),
        expires_on=_date(elements["17"]) if "17" in elements else None,
        grams=grams,
        pieces=int(pieces) if pieces else None,
    )


def gtin(digits: str) -> str:
    """A GTIN of 8, 12, 13 or 14 digits as 14. Raises NoProductCode when its check digit is wrong."""
    if not (digits.isascii() and digits.isdigit() and len(digits) in _LENGTHS):
        raise NoProductCode("a product code has 8, 12, 13 or 14 digits")
    whole = digits.zfill(14)
    if check_digit(whole[:-1]) != whole[-1]:
        raise NoProductCode("the check digit is wrong")
    return whole


def check_digit(digits: str) -> str:
    """The digit that ends a code beginning with these: from the right, weights 3 and 1."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def short(number: str) -> str:
    """A GTIN-14 as it is printed: 13 digits where it begins with a nought, 8 where it is that short."""
    if number.startswith("000000") and len(number) == 14:
        return number[6:]
    return number[1:] if number.startswith("0") else number


def _bracketed(text: str) -> dict[str, str]:
    found = re.findall(r"\((\d{2,4})\)([^(]*)", text)
    if "".join(f"({ai}){value}" for ai, value in found) != text:
        raise NoProductCode("the brackets do not fit")
    return {ai: value.strip(GS) for ai, value in found}


def _elements(text: str) -> dict[str, str]:
    elements: dict[str, str] = {}
    rest = text
    while rest:
        ai, length, fixed = _identifier(rest)
        rest = rest[len(ai) :]
        if fixed:
            value, rest = rest[:length], rest[length:].removeprefix(GS)
            if len(value) < length or not value.isdigit():
                raise NoProductCode(f"element {ai} is not whole")
        else:
            value, _, rest = rest.partition(GS)
            if not 0 < len(value) <= length:
                raise NoProductCode(f"element {ai} is too long")
        elements.setdefault(ai, value)
    return elements


def _identifier(text: str) -> tuple[str, int, bool]:
    """The application identifier that a text begins with, how long its value is, and whether always so."""
    if text[:2] in _FIXED:
        return text[:2], _FIXED[text[:2]], True
    if _MEASURES.match(text):
        return text[:4], 6, True
    for width in (2, 3):
        if text[:width] in _VARIABLE:
            return text[:width], _VARIABLE[text[:width]], False
    raise NoProductCode("the code holds an element that is not known")


def _grams(ai: str, value: str) -> int:
    """310n: a net weight in kilograms with n decimals."""
    decimals = int(ai[3])
    return int(value) * 1000 // int("1" + "0" * decimals)


def _date(value: str) -> date:
    """YYMMDD; day 00 is the month's last, and a year from 80 on is of the last century."""
    year, month, day = int(value[:2]), int(value[2:4]), int(value[4:])
    century = 1900 if year >= 80 else 2000
    try:
        first = date(century + year, month, 1)
        return month_end(first.year, first.month) if day == 0 else first.replace(day=day)
    except ValueError as error:
        raise NoProductCode("the date is none") from error
