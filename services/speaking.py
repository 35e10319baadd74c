"""What sentences are made with: whoever speaks, and the mark of a sentence that is translated later."""

from __future__ import annotations

from typing import Protocol

from contract.money import Money


class Speaker(Protocol):
    """What a sentence needs of `Texts`."""

    def t(self, msgid: str, /, **params: object) -> str:
        """A sentence."""

    def n(self, singular: str, plural: str, count: int, /, **params: object) -> str:
        """A sentence about a number."""

    def money(self, value: Money, *, signed: bool = False) -> str:
        """An amount."""

    def rate(self, bp: int) -> str:
        """A rate."""

    def factor(self, bp: int) -> str:
        """A factor."""


def N_(msgid: str) -> str:  # noqa: N802 - the name that marks a message for extraction
    """Mark a message that is translated later."""
    return msgid
