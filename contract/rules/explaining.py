"""A quote from judged cases: for every line which campaign gave what, which did not, and why.

A campaign that is not for this basket at all (another member, place, time, payment), or about none of its lines, is
told once, in ``notes``; each other campaign is told on every line. ``notes`` names every campaign that gave nothing.
"""

from __future__ import annotations

from contract.campaigns import ProgrammeRules
from contract.money import POINTS
from contract.quotes import Quote, QuoteLine, ReasonCode, Reward, StampGift
from contract.rules.cases import Case, Scene
from contract.rules.dates import Calendar
from contract.rules.hints import hints
from contract.rules.lines import Lines
from contract.rules.making import Purse, maker
from contract.rules.rewards import Gift
from contract.rules.telling import Teller, Told, elsewhere

ELSEWHERE = frozenset(
    {
        ReasonCode.OTHER_MEMBER,
        ReasonCode.OTHER_PLACE,
        ReasonCode.OTHER_TIME,
        ReasonCode.OTHER_PAYMENT,
        ReasonCode.OTHER_PRODUCT,
    }
)

_line, _reward, _quote = maker(QuoteLine), maker(Reward), maker(Quote)


def explain(cases: list[Case], scene: Scene, programme: ProgrammeRules) -> Quote:
    """Put the quote together, lines in the order of the basket."""
    lines, purses = scene.lines, {"cash": Purse(programme.currency), "points": Purse(POINTS)}
    cash, points = purses["cash"], purses["points"]
    gave: Told = [[] for _ in lines.basis]
    missed: Told = [[] for _ in lines.basis]
    notes = []
    for case in cases:
        if case.miss in ELSEWHERE:
            notes.append(elsewhere(case, cash[0]))
            continue
        teller = Teller(case, cash, points)
        if not (case.won and case.gift and case.gift.total):
            notes.append(teller.note())
        teller.tell(gave, missed)
    winners = [(case, case.gift) for case in cases if case.won and case.gift and case.gift.total]
    earned, scored = _sums(winners, "cash", lines), _sums(winners, "points", lines)
    told = [
        _line(
            {
                "line": position,
                "basis": cash[lines.basis[i]],
                "earned": cash[earned[i]],
                "points": points[scored[i]] if scored[i] else None,
                "why": gave[i] + missed[i],
            }
        )
        for i, position in enumerate(lines.positions)
    ]
    calendar = Calendar(scene.moment.utc, programme.timezone)
    return _quote(
        {
            "total": cash[scene.basket.total],
            "basis": cash[lines.total],
            "earned": cash[sum(earned)],
            "points": points[sum(scored)] if any(scored) else None,
            "rewards": [_lot(case, gift, calendar, purses[gift.unit]) for case, gift in winners if gift.unit in purses],
            "stamps": [_stamps(case, gift, calendar) for case, gift in winners if gift.unit == "stamps"],
            "lines": sorted(told, key=lambda line: line.line),
            "hints": hints(cases, lines, programme),
            "notes": notes,
            "rules_version": programme.version,
        }
    )


def _sums(winners: list[tuple[Case, Gift]], unit: str, lines: Lines) -> list[int]:
    """What each line gets of one unit."""
    values = [gift.value for _, gift in winners if gift.unit == unit]
    return [sum(column) for column in zip(*values, strict=True)] if values else [0] * len(lines.basis)


def _lot(case: Case, gift: Gift, calendar: Calendar, purse: Purse) -> Reward:
    available_at, expires_at = calendar.dates(case.campaign.pending_days, case.campaign.expiry)
    return _reward(
        {
            "campaign_id": case.campaign.campaign_id,
            "campaign_version": case.campaign.version,
            "name": case.name,
            "value": purse[gift.total],
            "desired_value": purse[sum(gift.desired) if gift.capped_by else gift.total],
            "available_at": available_at,
            "expires_at": expires_at,
        }
    )


def _stamps(case: Case, gift: Gift, calendar: Calendar) -> StampGift:
    campaign = case.campaign
    available_at, expires_at = calendar.dates(campaign.pending_days, campaign.expiry)
    return StampGift(
        campaign_id=campaign.campaign_id,
        campaign_version=campaign.version,
        name=case.name,
        stamps=gift.total,
        available_at=available_at,
        expires_at=expires_at,
    )
