"""What a cashier may know of the member at the till beside the wallet: tier, birthday, and the offers that fit."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from api.campaigns import service as campaigns
from api.campaigns.loaded import MemberStanding
from api.core.security import StaffSession
from api.database.pool import Connection
from api.offers import building
from contract.campaigns import CampaignVersion, text_in
from contract.rules.conditions import Moment, birthday_in, favourites, holds, in_force, is_open

MOST_OFFERS = 4
_WEEK = 7


async def card(connection: Connection, staff: StaffSession, standing: MemberStanding, now: datetime) -> dict[str, Any]:
    """The fields of an identification that say more of its member."""
    moment = Moment.of(now, standing.programme.timezone)
    budgets = await campaigns.budgets(connection, standing.programme, now)
    fitting = [each for each in in_force(standing.programme.campaigns, now) if _fits(each, staff, standing, moment)]
    counting = [each for each in fitting if building.state_of(each, standing, budgets, now) in {"open", "activated"}]
    first = sorted(counting, key=lambda each: _rank(each, standing))[:MOST_OFFERS]
    return {
        "tier": _tier(standing, now),
        "birthday": _birthday(standing.facts.birthday, moment.local.date()),
        "offers": [building.build(each, standing, budgets, now) for each in first],
    }


def _fits(campaign: CampaignVersion, staff: StaffSession, standing: MemberStanding, moment: Moment) -> bool:
    """Whether a campaign may count on a purchase of this member at this till at this moment."""
    where, facts = campaign.where, standing.facts
    if not is_open(campaign.when, moment) or (where.stores and staff.store_id not in where.stores):
        return False
    if where.channels and "store" not in where.channels:
        return False
    if campaign.what.favourites_only and not favourites(facts):
        return False
    return all(holds(condition, facts, moment.local.date()) for condition in campaign.who)


def _rank(campaign: CampaignVersion, standing: MemberStanding) -> tuple[bool, bool, bool, str]:
    """What they have activated, then what is for few, then what ends, then what all get always."""
    activated = campaign.needs_activation and campaign.campaign_id in standing.activated_at
    return not activated, not campaign.who, campaign.when.ends_at is None, campaign.campaign_id


def _tier(standing: MemberStanding, now: datetime) -> str | None:
    ladder = standing.programme.ladder_at(now)
    rank = ladder.rank(standing.facts.tier) if ladder is not None else -1
    return text_in(ladder.tiers[rank].name, standing.facts.language) if ladder is not None and rank >= 0 else None


def _birthday(born: date | None, today: date) -> Literal["today", "soon", "just_been"] | None:
    if born is None:
        return None
    nearest = min((birthday_in(born, year) - today for year in (today.year - 1, today.year, today.year + 1)), key=abs)
    if nearest.days == 0:
        return "today"
    if abs(nearest.days) > _WEEK:
        return None
    return "soon" if nearest.days > 0 else "just_been"
