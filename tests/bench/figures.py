"""What a measure answers, and the register of all measures."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from tests.bench.stage import Stage

Measure = Callable[["Stage"], Awaitable[list["Figure"]]]
MEASURES: dict[str, Measure] = {}


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table. Without a floor it explains another row, and nothing is asked of it."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    aim: float | None = None
    better: Literal["more", "less"] = "more"
    note: str = field(default="", compare=False)

    @property
    def holds(self) -> bool | None:
        """Whether the floor is held; None where there is none."""
        if self.floor is None:
            return None
        return self.value >= self.floor if self.better == "more" else self.value <= self.floor

    @property
    def record(self) -> dict[str, object]:
        """The row as `bench-results.json` keeps it."""
        return {name: getattr(self, name) for name in ("name", "value", "unit", "floor", "aim", "better")}


def measure(name: str) -> Callable[[Measure], Measure]:
    """Register a measure: `python -m tests.bench NAME`."""

    def register(function: Measure) -> Measure:
        MEASURES[name] = function
        return function

    return register
