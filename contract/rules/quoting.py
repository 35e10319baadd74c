"""The calculator: what a basket earns, line by line, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from contract.basket import Basket
from contract.campaigns import CampaignVersion, MemberFacts, ProgrammeRules
from contract.quotes import Quote
from contract.rules.caps import cap
from contract.rules.cases import Case, Scene, assess
from contract.rules.conditions import Moment, in_force
from contract.rules.explaining import explain
from contract.rules.lines import read
from contract.rules.rewards import Gift
from contract.rules.stacking import Multiplier, best, multiplied

NO_BUDGETS: Mapping[str, int] = MappingProxyType({})


def quote(
    basket: Basket,
    member: MemberFacts,
    campaigns: Sequence[CampaignVersion],
    at: datetime,
    programme: ProgrammeRules,
    budgets: Mapping[str, int] = NO_BUDGETS,
) -> Quote:
    """What a basket earns under these campaigns at one moment: pure, total, and the same on every machine.

    Args:
        basket: What is bought. Amounts are minor units of the programme's currency.
        member: What may be known about the shopper.
        campaigns: The programme's campaigns, in any order. Of several versions the newest that has started counts.
        at: The moment of the purchase.
        programme: The programme's own rules.
        budgets: What remains of each campaign's total budget; one that is not named has all of it.
    """
    moment = Moment.of(at, programme.timezone)
    lines = read(basket, programme)
    scene = Scene(basket, lines, member, moment, budgets)
    cases = [assess(campaign, scene) for campaign in in_force(campaigns, moment.utc)]
    _settle(cases, programme, len(basket.lines))
    return explain(cases, scene, programme)


def _settle(cases: list[Case], programme: ProgrammeRules, size: int) -> None:
    """Choose the combination that acts, and give its members their final amounts."""
    standing = [case for case in cases if case.stands and case.gift]
    base = [case.gift for case in standing if case.gift and case.campaign.stacking == "base"]
    exclusive = [case.gift for case in standing if case.gift and case.campaign.stacking == "exclusive"]
    _multiply(standing, base, size)
    multipliers = [case.gift for case in standing if case.gift and case.campaign.stacking == "multiplier"]
    together = [*base, *multipliers] if base else []
    chosen = {gift.campaign.campaign_id: gift for gift in best(together, exclusive, programme)}
    for case in standing:
        final = chosen.get(case.campaign.campaign_id)
        case.won = final is not None or not chosen
        case.gift = final or case.gift


def _multiply(standing: list[Case], base: list[Gift], size: int) -> None:
    """Give each multiplier what it adds to the base gifts, within its own caps."""
    acting = [
        Multiplier(case.campaign, case.campaign.reward, case.matching.earning)
        for case in standing
        if case.campaign.reward.kind == "multiplier" and case.matching
    ]
    if not acting:
        return
    added = {gift.campaign.campaign_id: gift for gift in multiplied(acting, base, size)}
    for case in standing:
        gift = added.get(case.campaign.campaign_id)
        if gift:
            cap(gift, case.lid)
            case.gift = gift
