"""What a screen reads on demand: at once as this device has it, then as the API says it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from contract.errors import Problem
from services.books import Kept
from views.commands import problem_of
from views.hooks import use_value
from views.session import use_task

T = TypeVar("T")


@dataclass(frozen=True)
class Reading(Generic[T]):
    """``value`` as of ``at``, once there is one; ``busy`` until the API has answered, or ``problem`` says why not."""

    value: T | None = None
    at: datetime | None = None
    busy: bool = True
    problem: Problem | None = None


def use_reading(
    kept: Callable[[], Awaitable[Kept[T] | None]],
    fresh: Callable[[], Awaitable[Kept[T]]],
    key: object,
    *,
    since: object = None,
) -> Reading[T]:
    """Read when the component comes, when ``key`` names another thing, and when ``since`` says that it has changed."""
    empty: tuple[object, Reading[T]] = (key, Reading())
    held, hold = use_value(empty)

    async def read() -> None:
        had = await kept()
        if had is not None:
            hold((key, Reading(had.value, had.at)))
        try:
            got = await fresh()
            hold((key, Reading(got.value, got.at, busy=False)))
        except Exception as error:
            problem = problem_of(error)
            shown: Reading[T] = Reading() if had is None else Reading(had.value, had.at)
            hold((key, Reading(shown.value, shown.at, busy=False, problem=problem)))

    use_task(read, [key, since])
    return held[1] if held[0] == key else Reading()
