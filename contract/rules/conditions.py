"""Whether a campaign is for this shopper, here and now: its who, when and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from contract.basket import Basket
from contract.campaigns import (
    WEEKDAYS,
    BirthdayCondition,
    CampaignVersion,
    FavouriteCondition,
    FirstPurchaseCondition,
    Hours,
    MemberCondition,
    MemberFacts,
    NthPurchaseCondition,
    SegmentCondition,
    TierCondition,
    When,
)
from contract.quotes import ReasonCode
from contract.rules.lines import chain


@dataclass(slots=True)
class Moment:
    """One instant, in UTC and on the programme's wall clock."""

    utc: datetime
    local: datetime

    @classmethod
    def of(cls, at: datetime, timezone: str) -> Moment:
        """The moment `at`; one that names no zone is taken as UTC."""
        utc = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        return cls(utc, utc.astimezone(ZoneInfo(timezone)))


def in_force(campaigns: Sequence[CampaignVersion], at: datetime) -> list[CampaignVersion]:
    """Of each campaign the newest version that has started, in the order of their ids."""
    if len(campaigns) == 1:
        return list(campaigns)
    newest: dict[str, CampaignVersion] = {}
    for campaign in campaigns:
        rival = newest.get(campaign.campaign_id)
        if rival is None or _rank(campaign, at) > _rank(rival, at):
            newest[campaign.campaign_id] = campaign
    return [newest[campaign_id] for campaign_id in sorted(newest)]


def _rank(campaign: CampaignVersion, at: datetime) -> tuple[bool, int]:
    return campaign.when.starts_at <= at, campaign.version


def first_miss(
    campaign: CampaignVersion, basket: Basket, member: MemberFacts, moment: Moment
) -> tuple[ReasonCode, str | None] | None:
    """Why the campaign is not for this basket at all, and what decided; None when it is."""
    if not is_open(campaign.when, moment):
        return ReasonCode.OTHER_TIME, None
    where = campaign.where
    if where.stores and basket.store_id not in where.stores:
        return ReasonCode.OTHER_PLACE, basket.store_id
    if where.channels and basket.channel not in where.channels:
        return ReasonCode.OTHER_PLACE, basket.channel
    if where.payment_means and basket.payment_means not in where.payment_means:
        return ReasonCode.OTHER_PAYMENT, basket.payment_means or None
    if campaign.what.favourites_only and not favourites(member):
        return ReasonCode.OTHER_MEMBER, None
    if campaign.who and not all(holds(condition, member, moment.local.date()) for condition in campaign.who):
        return ReasonCode.OTHER_MEMBER, None
    return None


def is_open(when: When, moment: Moment) -> bool:
    """Whether the moment is within the campaign's dates, weekdays and hours."""
    if moment.utc < when.starts_at or (when.ends_at is not None and moment.utc >= when.ends_at):
        return False
    if not when.hours:
        return not when.weekdays or WEEKDAYS[moment.local.weekday()] in when.weekdays
    return any(_within(hours, when, moment.local) for hours in when.hours)


def _within(hours: Hours, when: When, local: datetime) -> bool:
    """Whether a window is open; one over midnight belongs to the weekday on which it opened."""
    clock, day = local.time(), local.weekday()
    if hours.start < hours.end:
        inside = hours.start <= clock < hours.end
    else:
        inside = clock >= hours.start or clock < hours.end
        day -= clock < hours.end
    return inside and (not when.weekdays or WEEKDAYS[day % 7] in when.weekdays)


def favourites(member: MemberFacts) -> tuple[str, ...]:
    """The member's favourite categories, unless personal offers are off."""
    return member.favourite_categories if member.use_history else ()


def holds(condition: MemberCondition, member: MemberFacts, today: date) -> bool:
    """Whether a condition holds for a member on a local day; what rests on history does not when that is off."""
    match condition:
        case TierCondition():
            return member.tier in condition.any_of
        case BirthdayCondition():
            return member.birthday is not None and _in_birthday_window(condition, member.birthday, today)
    return member.use_history and _history_holds(condition, member)


def _history_holds(condition: MemberCondition, member: MemberFacts) -> bool:
    ordinal = member.purchase_count + 1
    match condition:
        case SegmentCondition():
            return not set(condition.any_of).isdisjoint(member.segments)
        case FavouriteCondition():
            return any(set(chain(own)) & set(condition.any_of) for own in member.favourite_categories)
        case FirstPurchaseCondition():
            return ordinal == 1
        case NthPurchaseCondition(n=n, repeat="once"):
            return ordinal == n
        case NthPurchaseCondition(n=n, repeat="onwards"):
            return ordinal >= n
        case NthPurchaseCondition(n=n):
            return ordinal % n == 0
    return False


def _in_birthday_window(condition: BirthdayCondition, birthday: date, today: date) -> bool:
    before, after = timedelta(condition.days_before), timedelta(condition.days_after)
    years = (today.year - 1, today.year, today.year + 1)
    days = [birthday_in(birthday, year) for year in years if date.min.year < year < date.max.year]
    return any(day - before <= today <= day + after for day in days)


def birthday_in(birthday: date, year: int) -> date:
    """The day on which a birthday is kept in a year: 29 February on the 28th in a common year."""
    try:
        return birthday.replace(year=year)
    except ValueError:
        return date(year, 2, 28)
