"""Many receipts at once: in which order the rules see them, and what they may know of all their members."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from api.campaigns import repository
from api.campaigns import service as campaigns
from api.campaigns.loaded import LoadedProgramme, MemberStanding, build_standing
from api.campaigns.repository import Identified
from api.database.pool import Connection

T = TypeVar("T")
_ATTEMPTS = 5


def waves(receipts: Iterable[T], member_of: Callable[[T], UUID], *, strictly: bool = False) -> list[list[T]]:
    """Receipts in waves, each member once a wave: what one gave is known to the rules when they see the next.

    A member's receipts keep their order. `strictly` keeps that of all, for budgets that members share.
    """
    return _runs(receipts, member_of) if strictly else _rounds(receipts, member_of)


def _rounds(receipts: Iterable[T], member_of: Callable[[T], UUID]) -> list[list[T]]:
    seen: Counter[UUID] = Counter()
    rounds: list[list[T]] = []
    for receipt in receipts:
        member = member_of(receipt)
        if seen[member] == len(rounds):
            rounds.append([])
        rounds[seen[member]].append(receipt)
        seen[member] += 1
    return rounds


def _runs(receipts: Iterable[T], member_of: Callable[[T], UUID]) -> list[list[T]]:
    runs: list[list[T]] = []
    seen: set[UUID] = set()
    for receipt in receipts:
        member = member_of(receipt)
        if not runs or member in seen:
            runs.append([])
            seen = set()
        runs[-1].append(receipt)
        seen.add(member)
    return runs


async def identified(
    connection: Connection, programme_id: UUID, moments: Mapping[UUID, datetime]
) -> tuple[LoadedProgramme, dict[UUID, tuple[Identified, MemberStanding]]]:
    """The same of many identifications, by their ids, each with what may be known of its member."""
    loaded = await campaigns.programme(connection, programme_id)
    rows = await repository.identified_many(connection, programme_id, moments, loaded.asked)
    for _ in range(_ATTEMPTS):
        if all(loaded.is_at(row.offers_version, row.epoch) for _, row in rows):
            break
        loaded = await campaigns.reload(connection, programme_id)
        rows = await repository.identified_many(connection, programme_id, moments, loaded.asked)
    return loaded, {
        found.identification_id: (
            found,
            build_standing(loaded, found.member_id, row, moments[found.identification_id]),
        )
        for found, row in rows
    }


async def standings(
    connection: Connection, programme_id: UUID, moments: Mapping[UUID, datetime]
) -> tuple[LoadedProgramme, dict[UUID, MemberStanding]]:
    """What the rules may know of many members, each at a moment of their own, and the programme that fits it.

    One statement; another where the programme has changed since it was loaded. Who is no member stays out.
    """
    loaded = await campaigns.programme(connection, programme_id)
    rows = await repository.standings(connection, programme_id, moments, loaded.asked)
    for _ in range(_ATTEMPTS):
        if all(loaded.is_at(row.offers_version, row.epoch) for row in rows.values()):
            break
        loaded = await campaigns.reload(connection, programme_id)
        rows = await repository.standings(connection, programme_id, moments, loaded.asked)
    return loaded, {member: build_standing(loaded, member, row, moments[member]) for member, row in rows.items()}
