"""A quote from judged cases: for every line which campaign gave what, which did not, and why.

A campaign that is not for this basket at all (another member, place, time, payment), or about none of its lines, is
told once, in ``notes``; each other campaign is told on every line. ``notes`` names every campaign that gave nothing.
"""

from __future__ import annotations

from typing import Any

from contract.campaigns import ProgrammeRules
from contract.money import POINTS
from contract.quotes import ReasonCode
from contract.rules.cases import Case, Scene
from contract.rules.dates import Calendar
from contract.rules.hints import hints
from contract.rules.making import Form
from contract.rules.rewards import Gift
from contract.rules.telling import Purses, Teller, Told, elsewhere

ELSEWHERE = frozenset(
    {
        ReasonCode.OTHER_MEMBER,
        ReasonCode.OTHER_PLACE,
        ReasonCode.OTHER_TIME,
        ReasonCode.OTHER_PAYMENT,
        ReasonCode.OTHER_PRODUCT,
    }
)
Winners = list[tuple[Case, Gift]]


def winners_of(cases: list[Case]) -> Winners:
    """Who gives something, with what."""
    return [(case, case.gift) for case in cases if case.won and case.gift and any(case.gift.value)]


def explain(
    cases: list[Case], winners: Winners, scene: Scene, programme: ProgrammeRules, calendar: Calendar, form: Form
) -> Any:
    """Put the quote together, lines in the order of the basket."""
    lines, cash, points = scene.lines, form.amounts(programme.currency), form.amounts(POINTS)
    purses = {"cash": cash, "points": points}
    gave, missed, notes = _told(cases, {id(case) for case, _ in winners}, scene, purses, form)
    earned, scored = _sums(winners, "cash", scene), _sums(winners, "points", scene)
    told: list[Any] = [None] * len(lines.positions)
    for i, position in enumerate(lines.positions):
        score = points[scored[i]] if scored[i] else None
        told[position] = form.line(position, cash[lines.basis[i]], cash[earned[i]], score, gave[i] + missed[i])
    rewards = [_reward(case, gift, calendar, purses, form) for case, gift in winners if gift.unit in purses]
    stamps = [_stamps(case, gift, calendar, form) for case, gift in winners if gift.unit == "stamps"]
    score = points[sum(scored)] if any(scored) else None
    totals = (cash[lines.paid], cash[lines.total], cash[sum(earned)], score)
    return form.quote(totals, (rewards, stamps, told, hints(cases, lines, purses, form), notes), programme.version)


def _told(
    cases: list[Case], giving: set[int], scene: Scene, purses: Purses, form: Form
) -> tuple[Told, Told, list[Any]]:
    """The reasons by line of those that gave to it, those of the others, and of those that gave nothing at all."""
    gave: Told = [[] for _ in scene.lines.basis]
    missed: Told = [[] for _ in scene.lines.basis]
    notes = []
    for case in cases:
        if case.miss is not None and case.miss in ELSEWHERE:
            notes.append(elsewhere(case, purses["cash"][0], form))
            continue
        teller = Teller(case, purses, form)
        if id(case) not in giving:
            notes.append(teller.note())
        teller.tell(gave, missed)
    return gave, missed, notes


def _sums(winners: Winners, unit: str, scene: Scene) -> list[int]:
    """What each line gets of one unit."""
    values = [gift.value for _, gift in winners if gift.unit == unit]
    if len(values) == 1:
        return values[0]
    return [sum(column) for column in zip(*values, strict=True)] if values else [0] * len(scene.lines.basis)


def _reward(case: Case, gift: Gift, calendar: Calendar, purses: Purses, form: Form) -> Any:
    available_at, expires_at = calendar.dates(case.campaign.pending_days, case.campaign.expiry)
    value = purses[gift.unit][gift.total]
    desired = purses[gift.unit][sum(gift.desired)] if gift.capped_by else value
    return form.reward(case.campaign, case.name, value, desired, available_at, expires_at)


def _stamps(case: Case, gift: Gift, calendar: Calendar, form: Form) -> Any:
    dates = calendar.dates(case.campaign.pending_days, case.campaign.expiry)
    return form.stamps(case.campaign, case.name, gift.total, *dates)
