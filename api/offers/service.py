"""A member's offers, activating them and hiding them. Idempotent: doing it twice is doing it once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from api.campaigns import service as campaigns
from api.campaigns.loaded import LoadedProgramme, MemberStanding
from api.core.security import MemberSession
from api.core.speaking import spoken
from api.database.pool import Connection
from api.offers import building, repository
from api.problems import Refusal, not_found
from contract.campaigns import CampaignVersion
from contract.errors import ErrorCode
from contract.facts import MemberFacts
from contract.offers import Offer
from contract.rules.conditions import Moment, in_force
from contract.rules.making import maker

_facts = maker(MemberFacts)


@dataclass(frozen=True, slots=True)
class Activation:
    """An offer as it is now, the wallet's version, and whether anything changed."""

    offer: Offer
    wallet_version: int
    changed: bool


async def offers(connection: Connection, member: MemberSession, now: datetime, asked: str | None = None) -> list[Offer]:
    """The offers that concern a member. `asked`: the language that the device prefers."""
    return await offers_of(connection, await _standing(connection, member, now, asked), now)


async def offers_of(connection: Connection, standing: MemberStanding, now: datetime) -> list[Offer]:
    """The offers that concern a member whose standing was read."""
    hidden = await repository.hidden(connection, UUID(standing.facts.member_id))
    return building.offers_for(standing, await campaigns.budgets(connection, standing.programme, now), now, hidden)


async def set_activation(
    connection: Connection,
    member: MemberSession,
    offer_id: str,
    *,
    active: bool,
    now: datetime,
    asked: str | None = None,
) -> Activation:
    """Activate an offer, or take that back. Refuses what is unknown (404) or over (409), and then writes nothing.

    An offer that needs no activation stays as it is.
    """
    standing = await _standing(connection, member, now, asked)
    campaign = find(standing, offer_id, now)
    changed = False
    if campaign.needs_activation:
        change = repository.activate if active else repository.deactivate
        changed = await change(connection, member.member_id, offer_id, now)
        if changed:
            standing = await _standing(connection, member, now, asked)
    return Activation(await _offer(connection, campaign, standing, now), standing.version, changed)


async def set_hidden(
    connection: Connection,
    member: MemberSession,
    offer_id: str,
    *,
    hidden: bool,
    now: datetime,
    asked: str | None = None,
) -> Activation:
    """Show a member less of an offer, or take that back. It goes on counting. Refuses as `set_activation` does."""
    standing = await _standing(connection, member, now, asked)
    campaign = find(standing, offer_id, now)
    change = repository.hide if hidden else repository.unhide
    changed = await change(connection, member.member_id, offer_id, now)
    return Activation(await _offer(connection, campaign, standing, now), standing.version, changed)


def find(standing: MemberStanding, offer_id: str, now: datetime) -> CampaignVersion:
    """The campaign version behind an offer that the member may see. Refuses one that is over, or that is none."""
    programme, moment = standing.programme, Moment.of(now, standing.programme.timezone)
    campaign = _in_force(programme, offer_id, now)
    if campaign is None:
        if offer_id in programme.closed:
            raise _ended()
        raise not_found("There is no such offer.")
    if campaign.when.ends_at is not None and campaign.when.ends_at <= now:
        raise _ended()
    activated = offer_id in standing.activated_at
    if not activated and not building.is_shown(campaign, standing, moment):
        raise not_found("There is no such offer.")
    return campaign


async def _offer(connection: Connection, campaign: CampaignVersion, standing: MemberStanding, now: datetime) -> Offer:
    budgets = await campaigns.budgets(connection, standing.programme, now)
    hidden = await repository.hidden(connection, UUID(standing.facts.member_id))
    return building.build(campaign, standing, budgets, now, hidden)


def _in_force(programme: LoadedProgramme, offer_id: str, now: datetime) -> CampaignVersion | None:
    found = in_force([each for each in programme.campaigns if each.campaign_id == offer_id], now)
    return found[0] if found else None


def _ended() -> Refusal:
    return Refusal(409, ErrorCode.OFFER_ENDED, "This offer has ended. Look at the offers that are open now.")


def in_language(standing: MemberStanding, language: str) -> MemberStanding:
    """The same standing, for offers that are worded in a language."""
    return replace(standing, facts=_facts({**vars(standing.facts), "language": language}))


async def _standing(
    connection: Connection, member: MemberSession, now: datetime, asked: str | None = None
) -> MemberStanding:
    standing = await campaigns.member_facts(connection, member.programme_id, member.member_id, now)
    language = None if asked is None else await spoken(connection, member.member_id, asked)
    return standing if language is None else in_language(standing, language)
