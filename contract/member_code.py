"""The member code: `KIERTO`, a 10-digit member number, an 8-digit TOTP (RFC 6238) and a check digit."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from itertools import pairwise

PREFIX = "KIERTO"
PERIOD = 30
"""Seconds that one code is shown."""
NUMBER_DIGITS = 10
TOTP_DIGITS = 8


class MalformedCode(ValueError):
    """What was scanned is not a member code."""


@dataclass(frozen=True, slots=True)
class MemberCode:
    """A member code taken apart: whose, and the one-time digits."""

    member_number: str
    totp: str

    @property
    def digits(self) -> str:
        """The 19 digits that a person can type."""
        body = self.member_number + self.totp
        return body + check_digit(body)

    @property
    def text(self) -> str:
        """What the QR and the bar code carry."""
        return PREFIX + self.digits


def step_at(seconds: float) -> int:
    """The TOTP step of a moment, in seconds since 1970."""
    return int(seconds // PERIOD)


def totp(secret: str, step: int) -> str:
    """The 8 digits of one step for a Base32 secret (RFC 4226 with SHA-1)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.digest(key, step.to_bytes(8, "big"), hashlib.sha1)
    offset = mac[-1] & 0x0F
    value = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{value % 10**TOTP_DIGITS:0{TOTP_DIGITS}d}"


def make(member_number: str, secret: str, step: int) -> MemberCode:
    """The code that a device shows during one step."""
    return MemberCode(member_number, totp(secret, step))


def check_digit(digits: str) -> str:
    """The Luhn check digit of a row of digits: catches every single wrong digit."""
    total = 0
    for i, char in enumerate(reversed(digits)):
        value = int(char) * (2 if i % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def parse(text: str) -> MemberCode:
    """Take apart what was scanned or typed; spaces, dashes and letter case do not matter.

    Raises MalformedCode when it is no member code.
    """
    compact = "".join(text.split()).replace("-", "").upper().removeprefix(PREFIX)
    if len(compact) != NUMBER_DIGITS + TOTP_DIGITS + 1 or not (compact.isascii() and compact.isdigit()):
        raise MalformedCode("a member code has 19 digits")
    body, check = compact[:-1], compact[-1]
    if check_digit(body) != check:
        raise MalformedCode("the check digit does not fit")
    return MemberCode(body[:NUMBER_DIGITS], body[NUMBER_DIGITS:])


def grouped(digits: str) -> str:
    """The 19 digits in groups that are easy to read aloud and to type."""
    cuts = (0, 4, 7, 10, 14, 18, 19)
    return " ".join(digits[a:b] for a, b in pairwise(cuts) if digits[a:b])
