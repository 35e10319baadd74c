"""Two ways measured in turns, A B A B, so that what else the machine does falls on both alike."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Sample:
    """One turn: how much was done, in how long, and the processor time that the servers took for it."""

    done: int
    seconds: float
    cpu_seconds: float

    @property
    def rate(self) -> float:
        return self.done / self.seconds

    @property
    def cpu_each(self) -> float:
        """Microseconds of processor time for each."""
        return self.cpu_seconds / self.done * 1e6


Turn = Callable[[], Awaitable[Sample]]


@dataclass(frozen=True, slots=True)
class Pair:
    """The turns of both ways, in order."""

    ours: list[Sample]
    other: list[Sample]

    @property
    def rate(self) -> float:
        """Our rate in units of the other's: the middle of all turns, each with its neighbour."""
        return median(a.rate / b.rate for a, b in zip(self.ours, self.other, strict=True))

    @property
    def cpu(self) -> float:
        """The other's processor time for each in units of ours: the rate, were there nothing else on the machine."""
        return median(b.cpu_each / a.cpu_each for a, b in zip(self.ours, self.other, strict=True))

    def note(self, ours: str = "ours", other: str = "TPC-B") -> str:
        """Both ways' own figures."""
        return "; ".join(
            f"{name} {median(s.rate for s in samples):,.0f}/s, {median(s.cpu_each for s in samples):,.0f} us CPU"
            for name, samples in ((ours, self.ours), (other, self.other))
        )


async def in_turns(ours: Turn, other: Turn, rounds: int) -> Pair:
    """Measure both ways so many times, after one turn each that does not count."""
    await ours()
    await other()
    pair = Pair([], [])
    for _ in range(rounds):
        pair.ours.append(await ours())
        pair.other.append(await other())
    return pair


def cpu_seconds(pids: Iterable[int]) -> float:
    """Processor time of these processes and of their children, living or ended."""
    ticks = 0
    for pid in pids:
        own = _times(pid)
        ticks += sum(own)
        for child in children(pid):
            ticks += sum(_times(child)[:2])
    return ticks / _TICKS


def _times(pid: int) -> tuple[int, int, int, int]:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0, 0, 0, 0  # it has just ended; its parent counts it now
    user, system, children_user, children_system = (int(each) for each in fields[11:15])
    return user, system, children_user, children_system


def own_seconds(pid: int) -> float:
    """Processor time of one process alone."""
    return sum(_times(pid)[:2]) / _TICKS


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(each) for each in task.read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found
