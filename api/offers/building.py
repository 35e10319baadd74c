"""Offers out of campaign versions, in one member's language: pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from api.campaigns.loaded import MemberStanding
from contract.campaigns import (
    CampaignVersion,
    FixedReward,
    Minimum,
    MultiplierReward,
    PercentReward,
    PointsReward,
    Steps,
    text_in,
)
from contract.money import POINTS, Money
from contract.offers import Offer, OfferStep
from contract.rules.conditions import Moment, favourites, holds, in_force

COMING = timedelta(days=30)
"""Offers are shown this long before they start."""
LINGERING = timedelta(days=7)
"""An offer that the member had activated is shown this long after its end."""

State = Literal["open", "activated", "used", "used_up", "ended"]


def offers_for(standing: MemberStanding, budgets: Mapping[str, int], now: datetime) -> list[Offer]:
    """The offers that are the member's own or everyone's: open ones first, those that end soonest first."""
    programme = standing.programme
    moment = Moment.of(now, programme.timezone)
    campaigns = [each for each in in_force(programme.campaigns, moment.utc) if is_shown(each, standing, moment)]
    offers = [build(each, standing, budgets, now) for each in campaigns]
    return sorted(offers, key=_order)


def is_shown(campaign: CampaignVersion, standing: MemberStanding, moment: Moment) -> bool:
    """Whether a campaign concerns the member: it is live, soon will be, or was activated and has just ended."""
    when, now = campaign.when, moment.utc
    if when.starts_at > now + COMING:
        return False
    if when.ends_at is not None and when.ends_at <= now:
        return campaign.campaign_id in standing.activated_at and now < when.ends_at + LINGERING
    if campaign.what.favourites_only and not favourites(standing.facts):
        return False
    return all(holds(condition, standing.facts, moment.local.date()) for condition in campaign.who)


def build(campaign: CampaignVersion, standing: MemberStanding, budgets: Mapping[str, int], now: datetime) -> Offer:
    """One campaign version as the member sees it."""
    facts, currency = standing.facts, standing.programme.currency
    reward, threshold = campaign.reward, campaign.threshold
    unit = POINTS if isinstance(reward, PointsReward) else currency
    cap = campaign.limits.per_member
    most = campaign.limits.per_receipt if reward.kind != "stamp" else None
    activated_at = standing.activated_at.get(campaign.campaign_id) if campaign.needs_activation else None
    return Offer(
        offer_id=campaign.campaign_id,
        campaign_version=campaign.version,
        name=campaign.name_in(facts.language),
        description=text_in(campaign.description, facts.language),
        picture=campaign.picture,
        kind="steps" if isinstance(threshold, Steps) else reward.kind,
        rate_bp=reward.rate_bp if isinstance(reward, PercentReward) else None,
        value=_value(campaign, currency),
        factor_bp=reward.factor_bp if isinstance(reward, MultiplierReward) else None,
        steps=_steps(campaign, currency),
        minimum=Money(amount=threshold.amount, currency=currency) if isinstance(threshold, Minimum) else None,
        categories=list(campaign.what.only.categories),
        tags=list(campaign.what.only.tags),
        excluded=[name for _, names in campaign.what.exclude.by_kind for name in sorted(names)],
        stores=list(campaign.where.stores),
        channels=list(campaign.where.channels),
        starts_at=campaign.when.starts_at,
        ends_at=campaign.when.ends_at,
        weekdays=list(campaign.when.weekdays),
        hours=list(campaign.when.hours),
        pending_days=campaign.pending_days,
        expires_after=campaign.expires_after,
        needs_activation=campaign.needs_activation,
        state=state_of(campaign, standing, budgets, now),
        activated_at=activated_at,
        cap=None if cap is None else Money(amount=cap, currency=unit),
        per_purchase=None if most is None else Money(amount=most, currency=unit),
        earned=None if cap is None else Money(amount=facts.earned.get(campaign.campaign_id, 0), currency=unit),
    )


def state_of(campaign: CampaignVersion, standing: MemberStanding, budgets: Mapping[str, int], now: datetime) -> State:
    """Where the offer stands: over, out of budget, all used by the member, activated, or open."""
    key, cap = campaign.campaign_id, campaign.limits.per_member
    if campaign.when.ends_at is not None and campaign.when.ends_at <= now:
        return "ended"
    if budgets.get(key, 1) <= 0:
        return "used_up"
    if cap is not None and standing.facts.earned.get(key, 0) >= cap:
        return "used"
    return "activated" if campaign.needs_activation and key in standing.activated_at else "open"


def good_until(standing: MemberStanding, now: datetime) -> datetime:
    """Until when the member's offers stay what they are by the clock alone: the next start, end, or local midnight."""
    moment = Moment.of(now, standing.programme.timezone)
    midnight = (moment.local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    times = [each.when.starts_at for each in standing.programme.campaigns]
    times += [each.when.ends_at for each in standing.programme.campaigns if each.when.ends_at is not None]
    return min([midnight.astimezone(moment.utc.tzinfo), *(time for time in times if time > now)])


def _value(campaign: CampaignVersion, currency: str) -> Money | None:
    match campaign.reward:
        case FixedReward(value=value):
            return Money(amount=value, currency=currency)
        case PointsReward(points=points):
            return Money(amount=points, currency=POINTS)
    return None


def _steps(campaign: CampaignVersion, currency: str) -> list[OfferStep]:
    if not isinstance(campaign.threshold, Steps):
        return []
    return [
        OfferStep(threshold=Money(amount=step.threshold, currency=currency), rate_bp=step.rate_bp)
        for step in campaign.threshold.steps
    ]


def _order(offer: Offer) -> tuple[int, bool, datetime, str]:
    rank = {"activated": 0, "open": 0, "used": 1, "used_up": 1, "ended": 2}[offer.state]
    return rank, offer.ends_at is None, offer.ends_at or offer.starts_at, offer.offer_id
