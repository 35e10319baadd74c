"""A quote from judged cases: for every line which campaign gave what, which did not, and why.

A campaign that is not for this basket at all (another member, place, time, payment), or about none of its lines, is
told once, in ``notes``; each other campaign is told on every line. ``notes`` names every campaign that gave nothing.
"""

from __future__ import annotations

from contract.campaigns import ProgrammeRules
from contract.money import POINTS, Money
from contract.quotes import Quote, QuoteLine, Reason, ReasonCode, Reward, StampGift
from contract.rules.arithmetic import bits
from contract.rules.cases import Case, Scene
from contract.rules.dates import available_at, expires_at
from contract.rules.hints import hints
from contract.rules.rewards import Gift

ELSEWHERE = {
    ReasonCode.OTHER_MEMBER,
    ReasonCode.OTHER_PLACE,
    ReasonCode.OTHER_TIME,
    ReasonCode.OTHER_PAYMENT,
    ReasonCode.OTHER_PRODUCT,
}


class Purse:
    """Amounts of one currency, each made once."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.made: dict[int, Money] = {}

    def __call__(self, amount: int) -> Money:
        """The amount as Money."""
        found = self.made.get(amount)
        if found is None:
            found = self.made[amount] = Money.model_construct(amount=amount, currency=self.currency)
        return found


def explain(cases: list[Case], scene: Scene, programme: ProgrammeRules) -> Quote:
    """Put the quote together, lines in the order of the basket."""
    lines = scene.lines
    cash, points = Purse(programme.currency), Purse(POINTS)
    gave: list[list[Reason]] = [[] for _ in lines.basis]
    missed: list[list[Reason]] = [[] for _ in lines.basis]
    notes = []
    earned, scored = [0] * len(lines.basis), [0] * len(lines.basis)
    for case in cases:
        teller = _Teller(case, cash, points)
        if not (case.won and case.gift and case.gift.total):
            notes.append(teller.note())
        if case.miss in ELSEWHERE:
            continue
        teller.tell(gave, missed)
        if case.won and case.gift and case.gift.unit != "stamps":
            sums = earned if case.gift.unit == "cash" else scored
            for i, value in enumerate(case.gift.value):
                sums[i] += value
    told: list[QuoteLine | None] = [None] * len(lines.basis)
    for i, position in enumerate(lines.positions):
        told[position] = QuoteLine.model_construct(
            line=position,
            basis=cash(lines.basis[i]),
            earned=cash(earned[i]),
            points=points(scored[i]) if scored[i] else None,
            why=gave[i] + missed[i],
        )
    winners = [(case, case.gift) for case in cases if case.won and case.gift and case.gift.total]
    return Quote.model_construct(
        total=cash(scene.basket.total),
        basis=cash(sum(lines.basis)),
        earned=cash(sum(earned)),
        points=points(sum(scored)) if any(scored) else None,
        rewards=[
            _reward(case, gift, scene, programme, points if gift.unit == "points" else cash)
            for case, gift in winners
            if gift.unit != "stamps"
        ],
        stamps=[_stamps(case, gift) for case, gift in winners if gift.unit == "stamps"],
        lines=[line for line in told if line],
        hints=hints(cases, lines, programme),
        notes=notes,
    )


def _reward(case: Case, gift: Gift, scene: Scene, programme: ProgrammeRules, purse: Purse) -> Reward:
    available = available_at(scene.moment.utc, case.campaign.pending_days)
    return Reward.model_construct(
        campaign_id=case.campaign.campaign_id,
        campaign_version=case.campaign.version,
        name=case.name,
        value=purse(gift.total),
        desired_value=purse(sum(gift.desired) if gift.capped_by else gift.total),
        available_at=available,
        expires_at=expires_at(available, case.campaign.expiry, programme.timezone),
    )


def _stamps(case: Case, gift: Gift) -> StampGift:
    return StampGift(
        campaign_id=case.campaign.campaign_id,
        campaign_version=case.campaign.version,
        name=case.name,
        stamps=gift.total,
    )


class _Teller:
    """Tells one case's reasons. What is told of several lines in the same words is made once."""

    def __init__(self, case: Case, cash: Purse, points: Purse) -> None:
        self.case, self.cash = case, cash
        gift = case.gift
        self.purse = points if gift and gift.unit == "points" else cash
        self.counts = gift is not None and gift.unit != "stamps"
        self.common = {
            "campaign_id": case.campaign.campaign_id,
            "campaign_version": case.campaign.version,
            "name": case.name,
            "value": self.purse(0),
            "desired_value": None,
            "basis": None,
            "rate_bp": None,
            "factor_bp": None,
            "threshold": None,
            "missing": None,
            "match": None,
            "capped_by": None,
        }

    def note(self) -> Reason:
        """Why the campaign gave nothing to the basket as a whole."""
        gift = self.case.gift
        if self.case.stands and self.case.won:
            assert gift is not None  # noqa: S101  a case that stands has a gift
            return self._made(code=gift.code, **self._terms(gift), capped_by=gift.capped_by)
        return self._miss(self._wished(sum(gift.desired) if gift else 0), self.case.match)

    def tell(self, gave: list[list[Reason]], missed: list[list[Reason]]) -> None:
        """Add the case's reason to each line."""
        matching = self.case.matching
        if matching is None:
            return
        for code, name, mask in matching.missed:
            reason = self._made(code=code, match=name)
            for i in bits(mask):
                missed[i].append(reason)
        names = {i: name for name, mask in reversed(matching.named) for i in bits(mask)}
        for i in bits(matching.earning):
            if self.case.stands and self.case.won:
                reason = self._given(i, names.get(i))
                (gave if self.counts and reason.value.amount else missed)[i].append(reason)
            else:
                wished = self.case.gift.desired[i] if self.case.gift else 0
                missed[i].append(self._miss(self._wished(wished), names.get(i)))

    def _given(self, i: int, name: str | None) -> Reason:
        gift = self.case.gift
        assert gift is not None  # noqa: S101
        terms = self._terms(gift)
        if not self.counts:
            return self._made(code=gift.code, match=name, **terms)
        terms["value"], terms["basis"] = self.purse(gift.value[i]), self.purse(gift.basis[i])
        if gift.capped_by and gift.value[i] < gift.desired[i]:
            terms["desired_value"], terms["capped_by"] = self.purse(gift.desired[i]), gift.capped_by
        return self._made(code=gift.code, match=name, **terms)

    def _terms(self, gift: Gift) -> dict[str, object]:
        terms: dict[str, object] = {"rate_bp": gift.rate_bp, "factor_bp": gift.factor_bp}
        if gift.threshold is not None:
            terms["threshold"] = self.cash(gift.threshold)
        return terms

    def _wished(self, amount: int) -> Money | None:
        return self.purse(amount) if amount and self.counts else None

    def _miss(self, wished: Money | None, name: str | None) -> Reason:
        case = self.case
        code = case.miss or ReasonCode.BETTER_RULE
        terms: dict[str, object] = {"desired_value": wished, "match": name}
        if code is ReasonCode.BELOW_MINIMUM and case.goal:
            terms |= {"threshold": self.cash(case.goal.threshold), "missing": self.cash(case.goal.missing)}
        if code is ReasonCode.USED_UP and case.lid:
            terms["capped_by"] = case.lid[1]
        return self._made(code=code, **terms)

    def _made(self, **terms: object) -> Reason:
        return Reason.model_construct(**{**self.common, **terms})  # type: ignore[arg-type]
