"""What is typed where a code is asked for."""

from __future__ import annotations


def is_contact(text: str) -> bool:
    """Whether what was typed is an e-mail address or a phone number, and no member code."""
    plain = "".join(char for char in text if char.isdigit() or char == "+")
    return "@" in text or plain.startswith("+") or (plain.startswith("00") and len(plain) <= 17)
