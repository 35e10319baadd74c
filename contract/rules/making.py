"""Messages made fast: a quote holds thousands of reasons, of values that are already known to be right.

`model_construct` looks up every field of every message, which costs ten times as much as the calculation itself.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import Any, TypeVar

from pydantic import BaseModel

from contract.money import Money

M = TypeVar("M", bound=BaseModel)

_slots = BaseModel.__dict__
_set_values = _slots["__dict__"].__set__
_set_names = _slots["__pydantic_fields_set__"].__set__
_set_extra = _slots["__pydantic_extra__"].__set__
_set_private = _slots["__pydantic_private__"].__set__


def maker(kind: type[M]) -> Callable[[dict[str, Any]], M]:
    """A function that makes such messages of a dict with *all* their fields; the dict becomes the message's own."""
    names: Set[str] = frozenset(kind.model_fields)
    new = object.__new__

    def make(fields: dict[str, Any]) -> M:
        message = new(kind)
        _set_values(message, fields)
        _set_names(message, names)
        _set_extra(message, None)
        _set_private(message, None)
        return message

    return make


class Purse(dict[int, Money]):
    """Amounts of one currency, each made once: ``purse[1240]``."""

    def __init__(self, currency: str) -> None:
        super().__init__()
        self.currency = currency

    def __missing__(self, amount: int) -> Money:
        made = self[amount] = _money({"amount": amount, "currency": self.currency})
        return made


_money = maker(Money)
