"""The calculator: what a basket earns, line by line, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, cast

from contract.basket import Basket
from contract.campaigns import CampaignVersion, MemberFacts, ProgrammeRules
from contract.money import POINTS, STAMPS
from contract.quotes import Quote
from contract.rules.caps import cap
from contract.rules.cases import Case, Scene, assess
from contract.rules.conditions import Moment, in_force
from contract.rules.dates import Calendar
from contract.rules.explaining import Winners, explain, winners_of
from contract.rules.lines import read
from contract.rules.making import MESSAGES, TEXT
from contract.rules.rewards import Gift
from contract.rules.stacking import Multiplier, best, multiplied

NO_BUDGETS: Mapping[str, int] = MappingProxyType({})


@dataclass(slots=True)
class Given:
    """What one campaign version gives for the whole basket: ``value`` in minor units of ``unit``, points or stamps."""

    campaign_id: str
    campaign_version: int
    unit: str
    value: int
    available_at: datetime
    expires_at: datetime | None


@dataclass(slots=True)
class WrittenQuote:
    """A quote as JSON, without what is None, and what it gives in all."""

    text: str
    unit: str
    total: int
    earned: int
    given: list[Given]
    """In cash and in points, then in stamps."""


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
    return cast(Quote, _made(basket, member, campaigns, at, programme, budgets, MESSAGES)[0])


def written_quote(
    basket: Basket,
    member: MemberFacts,
    campaigns: Sequence[CampaignVersion],
    at: datetime,
    programme: ProgrammeRules,
    budgets: Mapping[str, int] = NO_BUDGETS,
) -> WrittenQuote:
    """The same for who stores it: what `to_json(quote(..), exclude_none=True)` is, without the messages in between."""
    text, scene, winners, calendar = _made(basket, member, campaigns, at, programme, budgets, TEXT)
    ordered = sorted(winners, key=lambda winner: winner[1].unit == "stamps")
    given = [_given(case, gift, calendar, programme) for case, gift in ordered]
    earned = sum(each.value for each in given if each.unit == programme.currency)
    return WrittenQuote(cast(str, text), programme.currency, scene.lines.paid, earned, given)


def _made(
    basket: Basket,
    member: MemberFacts,
    campaigns: Sequence[CampaignVersion],
    at: datetime,
    programme: ProgrammeRules,
    budgets: Mapping[str, int],
    form: Any,
) -> tuple[Any, Scene, Winners, Calendar]:
    moment = Moment.of(at, programme.timezone)
    scene = Scene(basket, read(basket, programme), member, moment, budgets)
    cases = [assess(campaign, scene) for campaign in in_force(campaigns, moment.utc)]
    _settle(cases, programme, len(basket.lines))
    winners, calendar = winners_of(cases), Calendar(moment.utc, programme.timezone)
    return explain(cases, winners, scene, programme, calendar, form), scene, winners, calendar


def _given(case: Case, gift: Gift, calendar: Calendar, programme: ProgrammeRules) -> Given:
    campaign = case.campaign
    dates = calendar.dates(campaign.pending_days, campaign.expiry)
    unit = programme.currency if gift.unit == "cash" else POINTS if gift.unit == "points" else STAMPS
    return Given(campaign.campaign_id, campaign.version, unit, gift.total, *dates)


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
