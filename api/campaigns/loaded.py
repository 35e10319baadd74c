"""A programme as the process holds it: its rules, its stores, and the versions of its live campaigns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import from_json

from api.campaigns.repository import Asked, StandingRow
from contract.campaigns import CampaignVersion, ProgrammeRules
from contract.facts import MemberFacts
from contract.members import ProgrammeRef
from contract.money import MAX_AMOUNT, Money
from contract.refunds import CampaignKey
from contract.rules import Given
from contract.rules.making import maker
from contract.tiers import Ladder
from contract.wallet import Wallet

_facts = maker(MemberFacts)
_CLOSED = frozenset({"paused", "ended", "archived"})


@dataclass(frozen=True, slots=True)
class Store:
    """A store of a programme."""

    store_id: str
    name: str
    channel: str


@dataclass(frozen=True, slots=True)
class RulesVersion:
    """One version of a programme's own rules, and from when on it holds."""

    starts_at: datetime
    rules: ProgrammeRules


@dataclass(frozen=True, slots=True)
class LoadedProgramme:
    """One programme at one version of its offers. `campaigns`: every version in force or before it, oldest first.

    `rules_versions` and `ladders` are the newest first. `rules` are those that held when it was loaded: a quote takes
    `rules_at` the purchase's moment.
    """

    programme_id: UUID
    slug: str
    name: str
    currency: str
    timezone: str
    epoch: UUID
    offers_version: int
    rules: ProgrammeRules
    campaigns: tuple[CampaignVersion, ...]
    closed: frozenset[str]
    stores: Mapping[str, Store]
    asked: Asked
    budgets: Mapping[str, int]
    budgeted: frozenset[CampaignKey]
    """The versions whose terms have a total budget: what these give is charged to it."""
    rules_versions: tuple[RulesVersion, ...] = ()
    ladders: tuple[Ladder, ...] = ()
    new_device_hours: int = 0
    """For how long a member's new device may earn and not spend."""

    def rules_at(self, at: datetime) -> ProgrammeRules:
        """The programme's rules that hold at a moment; before the first version, that one's."""
        for each in self.rules_versions:
            if each.starts_at <= at:
                return each.rules
        return self.rules_versions[-1].rules if self.rules_versions else self.rules

    def ladder_at(self, at: datetime) -> Ladder | None:
        """The tiers that hold at a moment, if the programme has any then."""
        return next((each for each in self.ladders if each.starts_at <= at), None)

    def spend(self, budgets: dict[str, int], given: Iterable[Given]) -> None:
        """Take what a receipt gives out of `budgets`, for the quotes that come after it."""
        for each in given:
            if each.campaign_id in budgets and (each.campaign_id, each.campaign_version) in self.budgeted:
                budgets[each.campaign_id] -= each.value

    @property
    def spend_limit(self) -> int:
        """The most that one fresh code may spend, in minor units."""
        limit = self.rules.spend_limit
        return MAX_AMOUNT if limit is None else limit

    @property
    def ref(self) -> ProgrammeRef:
        """The programme in the contract's form."""
        return ProgrammeRef(
            programme_id=str(self.programme_id),
            slug=self.slug,
            name=self.name,
            currency=self.currency,
            timezone=self.timezone,
        )

    def is_at(self, offers_version: int, epoch: UUID) -> bool:
        """Whether this is what the database holds."""
        return self.offers_version == offers_version and self.epoch == epoch


@dataclass(slots=True)  # made for each receipt, as its row is: frozen, that would take three times as long
class MemberStanding:
    """A member as the calculator, the offers and the till see them, with the programme as it was in that moment."""

    programme: LoadedProgramme
    facts: MemberFacts
    member_number: str
    name: str
    pending: int
    available: int
    debt: int
    version: int
    points: int  # available
    member_offers_version: int
    activated_at: Mapping[str, datetime]
    own_spend_limit: int | None = None

    def unconfirmed(self, at: datetime) -> int:
        """The most that may be spent without her confirmation, in minor units: the programme's limit, or her own."""
        limits = (self.programme.rules_at(at).confirm_above, self.own_spend_limit)
        return min((each for each in limits if each is not None), default=MAX_AMOUNT)

    def wallet(self, now: datetime) -> Wallet:
        """The wallet in the contract's form."""
        unit = self.programme.currency
        return Wallet(
            pending=Money(amount=self.pending, currency=unit),
            available=Money(amount=self.available, currency=unit),
            debt=Money(amount=self.debt, currency=unit),
            version=self.version,
            as_of=now,
        )


def build_programme(programme_id: UUID, row: Mapping[str, Any]) -> LoadedProgramme:
    """A programme from its row (`repository.programme`)."""
    campaigns = tuple(CampaignVersion.model_validate_json(body) for body in row["versions"])
    common = {"currency": row["currency"], "timezone": row["timezone"]}
    versions = tuple(
        _rules_version(version, starts_at, body, common) for version, starts_at, body in row["rules_versions"]
    )
    rules = ProgrammeRules.model_validate({**row["rules"], **common, "version": row["rules_version"]}, strict=False)
    return LoadedProgramme(
        programme_id=programme_id,
        slug=row["slug"],
        name=row["name"],
        currency=row["currency"],
        timezone=row["timezone"],
        epoch=row["epoch"],
        offers_version=row["offers_version"],
        rules=rules,
        campaigns=campaigns,
        closed=frozenset(campaign_id for campaign_id, state in row["states"] if state in _CLOSED),
        stores={store[0]: Store(*store) for store in row["stores"]},
        asked=_asked(campaigns, rules),
        budgets={each.campaign_id: each.limits.total for each in campaigns if each.limits.total is not None},
        budgeted=frozenset((each.campaign_id, each.version) for each in campaigns if each.limits.total is not None),
        rules_versions=versions,
        ladders=tuple(Ladder.model_validate_json(body) for body in row["ladders"]),
        new_device_hours=row["new_device_hours"] or 0,
    )


def _rules_version(version: int, starts_at: datetime, body: str, common: Mapping[str, Any]) -> RulesVersion:
    rules = ProgrammeRules.model_validate({**from_json(body), **common, "version": version}, strict=False)
    return RulesVersion(starts_at, rules)


def build_standing(programme: LoadedProgramme, member_id: UUID, row: StandingRow, at: datetime) -> MemberStanding:
    """A member's standing at a moment from their row; `programme` must be at the row's version."""
    activated = dict(row.activations)
    ladder = programme.ladder_at(at)
    facts = _facts(
        {
            "member_id": str(member_id),
            "language": row.language,
            "segments": tuple(row.segments),
            "tier": row.tier or (ladder.everyones if ladder else None),
            "birthday": row.birthday,
            "purchase_count": row.purchase_count,
            "favourite_categories": tuple(row.favourites or ()),
            "activated": frozenset(activated),
            "earned": dict(row.earned or ()),
            "use_history": row.use_history,
        }
    )
    return MemberStanding(
        programme=programme,
        facts=facts,
        member_number=row.member_number,
        name=row.name,
        pending=row.pending,
        available=row.available,
        debt=row.debt,
        version=row.version,
        points=row.points,
        member_offers_version=row.member_offers_version,
        activated_at=activated,
        own_spend_limit=row.spend_limit,
    )


def _asked(campaigns: Iterable[CampaignVersion], rules: ProgrammeRules) -> Asked:
    campaigns = tuple(campaigns)
    kinds = {condition.kind for each in campaigns for condition in each.who}
    capped = {each.campaign_id for each in campaigns if each.limits.per_member is not None}
    return Asked(
        purchase_count=not kinds.isdisjoint({"first_purchase", "nth_purchase"}),
        favourites="favourite" in kinds or any(each.what.favourites_only for each in campaigns),
        capped=tuple(sorted(capped)),
        never_earning=rules.never_earning,
    )
