"""A campaign against a basket: what it gives, or why it gives nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contract.basket import Basket
from contract.campaigns import CampaignVersion, MemberFacts
from contract.quotes import ReasonCode
from contract.rules.caps import cap, lids
from contract.rules.conditions import Moment, favourites, first_miss
from contract.rules.lines import Lines, Matching, match
from contract.rules.rewards import Gift, Goal, gift, measure, next_step, unmet


@dataclass(slots=True)
class Scene:
    """All that a quote is made from, but for the campaigns."""

    basket: Basket
    lines: Lines
    member: MemberFacts
    moment: Moment
    budgets: Mapping[str, int]


@dataclass(slots=True)
class Case:
    """One campaign's case. ``miss`` says why it gives nothing; without it ``gift`` says what it gives."""

    campaign: CampaignVersion
    name: str
    miss: ReasonCode | None = None
    match: str | None = None
    matching: Matching | None = None
    gift: Gift | None = None
    goal: Goal | None = None
    lid: tuple[int, ReasonCode] | None = None
    won: bool = False

    @property
    def stands(self) -> bool:
        """Whether the campaign may give something to this basket, as far as it alone is concerned."""
        return self.miss is None


def assess(campaign: CampaignVersion, scene: Scene) -> Case:
    """Judge one campaign by itself."""
    case = Case(campaign, campaign.name_in(scene.member.language))
    elsewhere = first_miss(campaign, scene.basket, scene.member, scene.moment)
    if elsewhere:
        case.miss, case.match = elsewhere
        return case
    case.matching = match(campaign.what, scene.lines, favourites(scene.member))
    if not case.matching.earning:
        case.miss, case.match, _ = case.matching.missed[-1]
        return case
    _weigh(case, case.matching.earning, scene)
    return case


def _weigh(case: Case, earning: int, scene: Scene) -> None:
    """Settle whether the campaign may give to the lines that it is about, and what."""
    campaign = case.campaign
    amount = measure(campaign, earning, scene.lines)
    lacking = unmet(campaign, amount)
    case.goal = lacking or next_step(campaign, amount)
    case.lid = next(iter(lids(campaign, scene.member, scene.budgets)), None)
    if not lacking:
        case.gift = gift(campaign, earning, scene.lines, amount)
    if campaign.needs_activation and campaign.campaign_id not in scene.member.activated:
        case.miss = ReasonCode.NOT_ACTIVATED
    elif case.lid and not case.lid[0]:
        case.miss = ReasonCode.USED_UP
    elif lacking:
        case.miss = ReasonCode.BELOW_MINIMUM
    elif case.gift and campaign.reward.kind != "multiplier":
        cap(case.gift, case.lid)
