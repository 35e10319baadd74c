"""Tiers: a programme's ladder, and where a member stands on it.

Everything here runs on the local days of the programme. A tier is reached on a day of a purchase on which what counts,
added up over the period that ends with that day, is at its threshold or above; each such day renews it. It holds for as
long as the tier keeps, counted from the newest of these days. It is never left without a notice, so many days ahead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, StrictInt, model_validator

from contract.base import Answer, Instant, Message, Slug, Told
from contract.money import MAX_AMOUNT, Money
from contract.rules.dates import add_months

Counts = Literal["spent", "earned"]
Period = Literal["rolling_year", "calendar_year", "ever"]
FOR_EVER = date.max
NEVER = date.min


class Tier(Message):
    """One tier. A campaign's `tier` condition names it by `tier`."""

    tier: Slug
    name: Annotated[dict[str, str], Field(min_length=1, description="By language: `en`, `pt-BR`.")]
    threshold: Annotated[StrictInt, Field(ge=0, le=MAX_AMOUNT, description="Minor units; 0: everyone has it.")]
    keeps: Annotated[
        Literal["period", "next_period", "for_ever"],
        Field(description="How long it holds: to the end of the period in which it was reached, of the next, or on."),
    ] = "next_period"


class LadderDraft(Message):
    """What a manager says of the tiers: the lowest first. Never the balance: what was spent on goods, or earned."""

    starts_at: Instant | None = Field(default=None, description="From this instant on; left out: from now on.")
    counts: Counts = "spent"
    period: Period = "rolling_year"
    downgrade: Annotated[
        Literal["one_step", "to_reached"],
        Field(description="Who leaves a tier goes one tier down, or to the highest that still holds."),
    ] = "one_step"
    notice_days: Annotated[StrictInt, Field(ge=1, le=180, description="Days before a tier is left.")] = 30
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1, max_length=20)]

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if any(a.threshold >= b.threshold for a, b in pairwise(self.tiers)):
            raise ValueError("thresholds must rise from tier to tier")
        if len({each.tier for each in self.tiers}) < len(self.tiers):
            raise ValueError("each tier must have a name of its own")
        return self


class Ladder(LadderDraft):
    """One version of a programme's tiers. Never changed: other tiers are another version, from its own instant on."""

    version: Annotated[StrictInt, Field(ge=1)] = 1
    starts_at: Instant

    def rank(self, tier: str | None) -> int:
        """The place of a tier, the lowest is 0; -1 for none, and for one that this ladder does not have."""
        return next((n for n, each in enumerate(self.tiers) if each.tier == tier), -1)

    def at_rank(self, rank: int) -> str | None:
        """The tier of a place, or None below the lowest."""
        return self.tiers[rank].tier if rank >= 0 else None

    @property
    def everyones(self) -> str | None:
        """The tier that costs nothing, if there is one."""
        return self.tiers[0].tier if self.tiers[0].threshold == 0 else None

    def since(self, today: date) -> date | None:
        """The first day whose purchases may still matter today; None: all do."""
        if self.period == "ever" or any(each.keeps == "for_ever" for each in self.tiers):
            return None
        return date(today.year - 2, 1, 1) if self.period == "calendar_year" else add_months(today, -37)


class LadderList(Answer):
    """The versions of a programme's tiers, the newest first."""

    items: list[Ladder]


# where a member stands, as the app shows it


class TierNotice(Answer):
    """That a tier will be left, said ahead; with `missing` more before that day it stays."""

    told_at: Instant
    leaves_at: Instant
    to_name: str | None = Field(description="The tier after it; null for none.")
    missing: Money | None = Field(description="Null where nothing can keep it, as the period is over.")


class TierStanding(Answer):
    """The member's tier and the way to the next."""

    tier: str | None
    name: str | None
    since: Instant | None = None
    until: Instant | None = Field(default=None, description="It holds until then at least; null for as long as can be.")
    counts: Told[Counts]
    period: Told[Period]
    amount: Money = Field(description="What counts so far in the period.")
    next_tier: str | None = None
    next_name: str | None = None
    threshold: Money | None = Field(default=None, description="Of the next tier.")
    missing: Money | None = Field(default=None, description="How much more reaches the next tier.")
    notice: TierNotice | None = None


# the decision


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that was given: on which day, and the first day on which the tier is gone."""

    told_on: date
    leaves_on: date
    tier: str
    missing: int | None


@dataclass(frozen=True, slots=True)
class Held:
    """What a member was told to have. A tier that one was moved down to holds to `granted_until`, whatever counts."""

    tier: str | None
    granted_until: date | None = None
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a member stands today. `left_on`: the day on which the tier held before was left, where it was."""

    held: Held
    counted: int
    holds_until: date
    left_on: date | None = None
    look_on: date | None = None


Days = Mapping[date, int]
"""What counts by local day, in minor units, less what came back."""


def stand(ladder: Ladder, days: Days, held: Held | None, today: date) -> Standing:
    """Where a member stands on a local day: pure.

    Up at once; down only when a notice has been out for as long as the ladder says, and the tier holds no longer. More
    in `days` never gives less, save that who reached a tier too late for its notice keeps it until that is out. Asking
    again on the same day changes nothing. Each day on which something may change by the calendar alone is named in
    `look_on`: asking on those days, or on all, comes to the same.
    """
    before = held or Held(ladder.everyones)
    ends = _ends(ladder, days, today)
    rank = ladder.rank(before.tier)
    reached = max((n for n, end in enumerate(ends) if end > today), default=-1)
    left_on = None
    if reached > rank:
        rank, before = reached, Held(ladder.at_rank(reached))
    elif _is_over(before, ends, rank, ladder, today):
        left_on = _leaves_on(before.notice, ends, rank, before, ladder)
        rank, before = _down(ladder, rank, reached, left_on)
    until = _holds_until(ends, rank, before)
    notice = _notice(ladder, days, before, rank, until, today)
    return Standing(
        held=Held(ladder.at_rank(rank), before.granted_until, notice),
        counted=counted(ladder, days, today),
        holds_until=until if notice is None else notice.leaves_on,
        left_on=left_on,
        look_on=_look_on(ladder, days, notice, until, today),
    )


def counted(ladder: Ladder, days: Days, day: date) -> int:
    """What counts in the period that ends with a day, in minor units."""
    return sum(amount for bought, amount in days.items() if bought <= day < leaves_period(ladder, bought))


def leaves_period(ladder: Ladder, bought: date) -> date:
    """The first day on which what was bought on a day counts no longer."""
    match ladder.period:
        case "rolling_year":
            return add_months(bought, 12)
        case "calendar_year":
            return date(bought.year + 1, 1, 1)
    return FOR_EVER


def kept_until(ladder: Ladder, tier: Tier, reached_on: date) -> date:
    """The first day on which a tier that was reached on a day holds no longer."""
    if ladder.period == "ever" or tier.keeps == "for_ever":
        return FOR_EVER
    years = 1 if tier.keeps == "period" else 2
    if ladder.period == "calendar_year":
        return date(reached_on.year + years, 1, 1)
    return add_months(reached_on, 12 * years)


def _ends(ladder: Ladder, days: Days, today: date) -> list[date]:
    """For each tier the first day on which it holds no longer by what was bought; NEVER where it was not reached."""
    ends = [FOR_EVER if each.threshold == 0 else NEVER for each in ladder.tiers]
    for day, sum_then in _sums(ladder, days, today):
        for n, each in enumerate(ladder.tiers):
            if sum_then >= each.threshold:
                ends[n] = max(ends[n], kept_until(ladder, each, day))
    return [max(ends[n:]) for n in range(len(ends))]  # who holds a tier holds those below it


def _sums(ladder: Ladder, days: Days, today: date) -> Iterable[tuple[date, int]]:
    """For each day of a purchase what counted in the period that ended with it: a window moves once over them."""
    bought = sorted(day for day, amount in days.items() if amount > 0 and day <= today)
    first, total = 0, 0
    for day in bought:
        total += days[day]
        while leaves_period(ladder, bought[first]) <= day:
            total -= days[bought[first]]
            first += 1
        yield day, total


def _holds_until(ends: list[date], rank: int, held: Held) -> date:
    if rank < 0:
        return FOR_EVER
    return max(ends[rank], held.granted_until or NEVER)


def _leaves_on(notice: Notice | None, ends: list[date], rank: int, held: Held, ladder: Ladder) -> date | None:
    """The day on which the tier is left by the notice given for it; None where there is none."""
    if notice is None or notice.tier != ladder.at_rank(rank):
        return None
    return max(_holds_until(ends, rank, held), notice.told_on + timedelta(days=ladder.notice_days))


def _is_over(held: Held, ends: list[date], rank: int, ladder: Ladder, today: date) -> bool:
    leaves_on = _leaves_on(held.notice, ends, rank, held, ladder)
    return leaves_on is not None and leaves_on <= today


def _down(ladder: Ladder, rank: int, reached: int, left_on: date | None) -> tuple[int, Held]:
    """The tier below: the next one, which then holds as if it had been reached that day, or what still holds."""
    if ladder.downgrade == "to_reached" or rank == 0 or left_on is None:
        return reached, Held(ladder.at_rank(reached))
    below = ladder.tiers[rank - 1]
    return rank - 1, Held(below.tier, kept_until(ladder, below, left_on))


def _notice(ladder: Ladder, days: Days, held: Held, rank: int, until: date, today: date) -> Notice | None:
    """The notice that is due: the one given before, where there is one, with the day that now holds."""
    ahead = timedelta(days=ladder.notice_days)
    if rank < 0 or until == FOR_EVER or today < max(until, NEVER + ahead) - ahead:
        return None
    tier = ladder.tiers[rank]
    told_on = held.notice.told_on if held.notice and held.notice.tier == tier.tier else today
    leaves_on = max(until, told_on + ahead)
    last = leaves_on - timedelta(days=1)
    renewable = kept_until(ladder, tier, today) > leaves_on  # else what is bought now helps no more
    missing = max(1, tier.threshold - counted(ladder, {d: n for d, n in days.items() if d <= today}, last))
    return Notice(told_on, leaves_on, tier.tier, missing if renewable else None)


def _look_on(ladder: Ladder, days: Days, notice: Notice | None, until: date, today: date) -> date | None:
    """The next day on which something may change though nothing is bought."""
    turns = [leaves_period(ladder, day) for day, amount in days.items() if amount]
    turns += [day for day in days if day > today]
    if until not in {FOR_EVER, NEVER}:
        turns += [until, until - timedelta(days=ladder.notice_days)]
    if notice is not None:
        turns.append(notice.leaves_on)
    return min((day for day in turns if today < day < FOR_EVER), default=None)
