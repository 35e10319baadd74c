"""Contacts in one form each, so that one person is one member however the address was typed."""

from __future__ import annotations

import re
import unicodedata

from api.problems import invalid

_EMAIL = re.compile(
    r"[^\s@<>()\[\]\\,;:\"\x00-\x1f]{1,64}@[^\s@<>()\[\]\\,;:\"\x00-\x1f]+\.[^\s@<>()\[\]\\,;:\"\x00-\x1f.]{2,}"
)
_PHONE = re.compile(r"\+[1-9][0-9]{7,14}")
_PHONE_DRESS = re.compile(r"[\s().\-/]")


def normalised(contact: str) -> str:
    """An e-mail address in lower case, or a phone number as `+` and digits. 422 for anything else."""
    text = unicodedata.normalize("NFKC", contact).strip()
    if "@" in text:
        email = text.lower()
        if _EMAIL.fullmatch(email) and email.isascii():
            return email
        raise invalid("contact", "is not an e-mail address")
    phone = _PHONE_DRESS.sub("", text)
    phone = f"+{phone[2:]}" if phone.startswith("00") else phone
    if not _PHONE.fullmatch(phone):
        raise invalid(
            "contact", "must be an e-mail address, or a phone number with its country code such as +55 11 91234 5678"
        )
    return phone


def is_email(contact: str) -> bool:
    """Whether a normalised contact is an e-mail address."""
    return "@" in contact


def first_name(contact: str) -> str:
    """What to call someone of whom only the contact is known: never more of it than a till may show."""
    return contact.split("@", maxsplit=1)[0] if is_email(contact) else f"••• {contact[-4:]}"
