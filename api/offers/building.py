"""Offers out of campaign versions, in one member's language: pure."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Literal

from api.campaigns.loaded import MemberStanding
from contract.campaigns import CampaignVersion
from contract.money import Money
from contract.offer_terms import terms_fields
from contract.offers import Offer
from contract.rules.conditions import Moment, favourites, holds, in_force

COMING = timedelta(days=30)
"""Offers are shown this long before they start."""
LINGERING = timedelta(days=7)
"""An offer that the member had activated is shown this long after its end."""

State = Literal["open", "activated", "used", "used_up", "ended"]


def offers_for(
    standing: MemberStanding, budgets: Mapping[str, int], now: datetime, hidden: AbstractSet[str] = frozenset()
) -> list[Offer]:
    """The offers that are the member's own or everyone's: open ones first, those that end soonest first.

    Hidden ones come last: the member wants to see less of them, but they go on counting.
    """
    programme = standing.programme
    moment = Moment.of(now, programme.timezone)
    campaigns = [each for each in in_force(programme.campaigns, moment.utc) if is_shown(each, standing, moment)]
    offers = [build(each, standing, budgets, now, hidden) for each in campaigns]
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


def build(
    campaign: CampaignVersion,
    standing: MemberStanding,
    budgets: Mapping[str, int],
    now: datetime,
    hidden: AbstractSet[str] = frozenset(),
) -> Offer:
    """One campaign version as the member sees it; `hidden` are the ids of those they want to see less of."""
    facts, programme, key = standing.facts, standing.programme, campaign.campaign_id
    names = {store.store_id: store.name for store in programme.stores.values()}
    terms = terms_fields(campaign, currency=programme.currency, language=facts.language, store_names=names)
    got, stamp = facts.earned.get(key, 0), campaign.reward.kind == "stamp"
    cap: Money | None = terms["cap"]
    return Offer(
        **terms,
        state=state_of(campaign, standing, budgets, now),
        activated_at=standing.activated_at.get(key) if campaign.needs_activation else None,
        earned=None if cap is None else Money(amount=got, currency=cap.currency),
        stamps=got if stamp and terms["most_stamps"] is not None else None,
        hidden=key in hidden,
    )


def state_of(campaign: CampaignVersion, standing: MemberStanding, budgets: Mapping[str, int], now: datetime) -> State:
    """Where the offer stands: over, out of budget, all used by the member, activated, or open."""
    key, cap = campaign.campaign_id, campaign.limits.per_member
    if campaign.when.ends_at is not None and campaign.when.ends_at <= now:
        return "ended"
    if campaign.limits.total is not None and budgets.get(key, 1) <= 0:
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


def _order(offer: Offer) -> tuple[bool, int, bool, datetime, str]:
    rank = {"activated": 0, "open": 0, "used": 1, "used_up": 1, "ended": 2}[offer.state]
    return offer.hidden, rank, offer.ends_at is None, offer.ends_at or offer.starts_at, offer.offer_id
