"""Amounts as people type them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from contract.money import MAX_AMOUNT, decimals


def minor_units(text: str, currency: str) -> int | None:
    """What was typed, in minor units: ``12,50`` and ``12.50`` alike. None for what is no amount."""
    kept = "".join(letter for letter in text if letter.isdigit() or letter in ",.")
    at = max(kept.rfind(","), kept.rfind("."))
    places = decimals(currency) if currency else 2
    if at >= 0 and len(kept) - at - 1 <= places:
        kept = kept[:at].replace(",", "").replace(".", "") + "." + kept[at + 1 :]
    else:
        kept = kept.replace(",", "").replace(".", "")
    try:
        value = int(Decimal(kept).scaleb(places))
    except (InvalidOperation, ValueError):
        return None
    return value if 0 < value <= MAX_AMOUNT else None
