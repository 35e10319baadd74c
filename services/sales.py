"""A sale as it is entered, confirmed and stored until it is answered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from contract.basket import BasketLine
from contract.errors import ErrorCode, FieldError
from services.cache import CacheClosed
from services.errors import Refused, refusal
from services.remembered import Cache

UNSETTLED = {
    ErrorCode.SESSION_ENDED,
    ErrorCode.NOT_SIGNED_IN,
    ErrorCode.TOO_MANY_REQUESTS,
    ErrorCode.UNAVAILABLE,
    ErrorCode.UNEXPECTED,
}
"""Refusals that do not tell whether the write was or will be taken: its key is kept."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A sale being entered. `receipt_number` may be empty: the till then makes one. `at` tells two sales apart."""

    identification: str
    member_name: str
    receipt_number: str
    lines: tuple[BasketLine, ...]
    at: datetime

    def __hash__(self) -> int:
        """By what identifies a sale, since lines hold lists."""
        return hash((self.identification, self.receipt_number, self.at))


@dataclass(frozen=True, slots=True)
class Sale:
    """A draft as it was confirmed, with what is spent on it: minor units, and points.

    `allowed`: the member has allowed it on her own device, as it is above what may be spent without asking her.
    """

    draft: Draft
    redeem: int
    points: int = 0
    allowed: bool = False

    @property
    def needs_network(self) -> bool:
        """Whether it cannot be queued: nobody but the API knows of points, and of what was allowed."""
        return self.allowed or self.points > 0


DRAFT = TypeAdapter(Draft)
SALE = TypeAdapter(Sale)


@asynccontextmanager
async def settling(cache: Cache, key: str) -> AsyncIterator[None]:
    """Forget a stored write once it is answered; keep it while its outcome is not known."""
    try:
        yield
    except Refused as error:
        if error.problem.status < 500 and error.code not in UNSETTLED:
            await cache.post_drop(key)
        raise
    with suppress(CacheClosed):  # signed out meanwhile: there is nothing left to forget
        await cache.post_drop(key)


@contextmanager
def input_as_refusal() -> Iterator[None]:
    """What the contract does not take is refused here as the API would refuse it."""
    try:
        yield
    except ValidationError as error:
        errors = [FieldError(field=".".join(map(str, it["loc"])), message=it["msg"]) for it in error.errors()]
        problem = refusal(ErrorCode.INVALID_INPUT, status=422, detail=errors[0].message if errors else "")
        raise Refused(problem.model_copy(update={"errors": errors})) from None
