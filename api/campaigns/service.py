"""Programmes, held in the process, and members' standings, read with the version that says if what is held is new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

from api.campaigns import repository
from api.campaigns.loaded import LoadedProgramme, MemberStanding, Store, build_programme, build_standing
from api.campaigns.repository import Identified
from api.database.pool import Connection
from api.ledger.repository import budgets_left, set_budget
from api.problems import not_found
from contract.campaigns import CampaignVersion

__all__ = ["Identified", "LoadedProgramme", "MemberStanding", "Store", "VersionExists"]

BUDGETS_AGE = timedelta(seconds=2)
_ATTEMPTS = 5


class VersionExists(ValueError):
    """A campaign version of that number was published before: other terms are another version."""


@dataclass(frozen=True, slots=True)
class _Budgets:
    """What remained of a programme's budgets at a moment."""

    left: Mapping[str, int]
    good_until: datetime


@dataclass(slots=True)
class _Held:
    programmes: dict[UUID, LoadedProgramme] = field(default_factory=dict)
    budgets: dict[UUID, _Budgets] = field(default_factory=dict)


_held = _Held()


async def programme(connection: Connection, programme_id: UUID) -> LoadedProgramme:
    """A programme, from the process's memory where it holds it. Refuses with 404 one that there is not."""
    held = _held.programmes.get(programme_id)
    return held if held is not None else await reload(connection, programme_id)


async def programme_at(connection: Connection, programme_id: UUID, offers_version: int, epoch: UUID) -> LoadedProgramme:
    """A programme at the version that was just read from the database, or at a later one."""
    held = _held.programmes.get(programme_id)
    if held is not None and held.is_at(offers_version, epoch):
        return held
    return await reload(connection, programme_id)


async def reload(connection: Connection, programme_id: UUID) -> LoadedProgramme:
    """A programme, read anew."""
    row = await repository.programme(connection, programme_id)
    if row is None:
        _held.programmes.pop(programme_id, None)
        raise not_found("There is no such programme.")
    loaded = _held.programmes[programme_id] = build_programme(programme_id, dict(row))
    return loaded


async def store(connection: Connection, programme_id: UUID, store_id: str) -> Store | None:
    """A store of a programme, or None; one that the process does not know yet is looked for once."""
    found = (await programme(connection, programme_id)).stores.get(store_id)
    return found or (await reload(connection, programme_id)).stores.get(store_id)


async def member_facts(connection: Connection, programme_id: UUID, member_id: UUID, at: datetime) -> MemberStanding:
    """What the rules may know of a member at a moment, with the wallet and the programme: one statement.

    Only what a live campaign asks for is worked out. Where the programme has changed since it was loaded, it is loaded
    again and the member asked again, so that both always fit. Refuses with 404 a member who is not of the programme.
    """
    loaded = await programme(connection, programme_id)
    for attempt in count():
        row = await repository.standing(connection, programme_id, member_id, at, loaded.asked)
        if row is None:
            break
        if loaded.is_at(row.offers_version, row.epoch) or attempt == _ATTEMPTS:
            return build_standing(loaded, member_id, row, at)
        loaded = await reload(connection, programme_id)
    raise not_found("There is no such member.")


async def identified(
    connection: Connection, programme_id: UUID, identification_id: UUID, at: datetime
) -> tuple[Identified, MemberStanding] | None:
    """An identification, with the same of its member: one statement too. None where there is none of that id."""
    loaded = await programme(connection, programme_id)
    for attempt in count():
        found = await repository.identified(connection, programme_id, identification_id, at, loaded.asked)
        if found is None:
            break
        identification, row = found
        if loaded.is_at(row.offers_version, row.epoch) or attempt == _ATTEMPTS:
            return identification, build_standing(loaded, identification.member_id, row, at)
        loaded = await reload(connection, programme_id)
    return None


async def budgets(
    connection: Connection, loaded: LoadedProgramme, now: datetime, *, fresh: bool = False
) -> dict[str, int]:
    """What remains of each total budget, in minor units, as of a few seconds ago at most; `fresh`: as of now.

    A quote may be that old: the ledger charges the budget itself when it posts, and refuses what it does not cover.
    """
    if not loaded.budgets:
        return {}
    held = _held.budgets.get(loaded.programme_id)
    if fresh or held is None or now >= held.good_until or not held.left.keys() >= loaded.budgets.keys():
        held = _Budgets(await budgets_left(connection, loaded.programme_id), now + BUDGETS_AGE)
        _held.budgets[loaded.programme_id] = held
    return {each: held.left.get(each, 0) for each in loaded.budgets}


async def publish_campaign(
    connection: Connection, programme_id: UUID, version: CampaignVersion, now: datetime, *, state: str = "live"
) -> None:
    """Add a campaign version, set it in force, and tell every device that offers have changed.

    Raises VersionExists: a version is never changed.
    """
    async with connection.transaction():
        if not await repository.keep_version(connection, programme_id, version, state, now):
            raise VersionExists(f"version {version.version} of campaign {version.campaign_id} exists")
        if version.limits.total is not None and not await repository.has_budget_until(
            connection, programme_id, version, now
        ):
            await set_budget(connection, programme_id, version.campaign_id, version.limits.total)
        await repository.bump_offers(connection, programme_id)
    _held.programmes.pop(programme_id, None)
    _held.budgets.pop(programme_id, None)


async def set_budgets_in_force(connection: Connection, now: datetime) -> int:
    """Set the budgets of versions that have begun since the last look; how many that was."""
    begun = await repository.budgets_begun(connection, now)
    for programme_id, campaign_id, total in begun:
        await set_budget(connection, programme_id, campaign_id, total)
        await changed(connection, programme_id)
        _held.budgets.pop(programme_id, None)
    return len(begun)


async def set_campaign_state(connection: Connection, programme_id: UUID, campaign_id: str, state: str) -> bool:
    """Pause, end or resume a campaign; False when there is none of that id."""
    async with connection.transaction():
        known = await repository.set_state(connection, programme_id, campaign_id, state)
        if known:
            await repository.bump_offers(connection, programme_id)
    _held.programmes.pop(programme_id, None)
    return known


async def changed(connection: Connection, programme_id: UUID) -> None:
    """Say that a programme's rules, tiers or campaigns have changed: every process and device asks for them again."""
    await repository.bump_offers(connection, programme_id)
    _held.programmes.pop(programme_id, None)
