"""The member's profile, and what has changed since a device last asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from pydantic_core import to_json

from api.campaigns import service as campaigns
from api.campaigns.loaded import LoadedProgramme
from api.core.ids import made_at
from api.core.security import MemberSession, session_ended
from api.core.speaking import spoken
from api.database.pool import Connection
from api.me import cursors, repository
from api.me.cursors import Position
from api.me.documents import asked_documents, lot_document, profile_document, wallet_document
from api.me.repository import Head, Snapshot
from api.offers import building
from api.offers import service as offers
from api.offers.service import in_language
from api.purchases.documents import Document, purchase_document
from api.purchases.naming import name_offers
from api.purchases.service import cursor_after
from contract.members import Profile

T = TypeVar("T")
NEWEST = 50
"""Purchases in a full answer."""
MOST_CHANGED = 200
"""Changed purchases up to which an answer is a delta."""
BUDGET_SECONDS = timedelta(seconds=60)
"""How long offers are taken to stand where another member's purchase may use one up."""


@dataclass(frozen=True, slots=True)
class _OffersNow:
    """Offers as they were just worked out, their digest, and until when the clock leaves them so."""

    items: list[Document]
    digest: bytes
    until: int


async def profile_of(
    connection: Connection, member: MemberSession, now: datetime, asked: str | None = None
) -> Document:
    """The signed-in member: the fields of `contract.members.Profile`. `asked`: the language that the device prefers."""
    found = present(await repository.head(connection, member.programme_id, member.member_id))
    programme = await _programme(connection, found)
    return await _profile(connection, programme, found, member.session_id, found.spoken(asked), now)


async def profile(connection: Connection, member: MemberSession, now: datetime) -> Profile:
    """The same as a message."""
    return Profile.model_validate(await profile_of(connection, member, now))


async def _programme(connection: Connection, head: Head) -> LoadedProgramme:
    """The programme as it was when the member was read."""
    return await campaigns.programme_at(connection, head.programme_id, head.programme_offers, head.epoch)


async def _profile(
    connection: Connection, programme: LoadedProgramme, head: Head, device: UUID, language: str, now: datetime
) -> Document:
    """The profile, with the programme's tiers in a language, for one device."""
    opens = await _spending_opens(connection, programme, head, device, now)
    return profile_document(head, now, programme, opens, language)


async def _spending_opens(
    connection: Connection, programme: LoadedProgramme, head: Head, device: UUID, now: datetime
) -> datetime | None:
    """From when on a device may spend, while that is to come; nothing is asked of the database for one that is old."""
    hours = programme.new_device_hours
    if not hours or made_at(device) + timedelta(hours=hours) <= now:
        return None
    return await repository.spending_opens(connection, head.programme_id, head.member_id, device)


async def changes(
    connection: Connection, member: MemberSession, since: str | None, now: datetime, asked: str | None = None
) -> Document:
    """What is new for a device that has `since`: the fields of `contract.members.Changes`.

    One small statement where nothing is. Lots, purchases and balances are always of one snapshot; offers are read after
    it, and the cursor holds the snapshot's versions, so that nothing between the two is missed. Offers are sent again
    whenever the member has done something to one, also where they are as the cursor says: the device that did it holds
    its own doing, and would not hear that another device has undone it. A device that speaks another language than
    before is answered in full.
    """
    head = present(await repository.head(connection, member.programme_id, member.member_id))
    language = head.spoken(asked)
    had = cursors.decode(since, member.member_id, language) if since else None
    if had is not None and not _follows(had, head):
        had = None
    if had is not None and _is_same(had, head) and not had.needs_offers(now):
        profile = await _profile(connection, await _programme(connection, head), head, member.session_id, language, now)
        return _answer(Snapshot(head), profile, since or "", language, now)
    snapshot = await _delta(connection, head, had) if had is not None else None
    if snapshot is None:
        had, snapshot = None, present(await repository.full(connection, *_of(member), NEWEST + 1))
    new = await _offers(connection, member, language, now)
    at = _position(snapshot.head, new)
    known = had is not None and had.offers == new.digest and had.member_offers == at.member_offers
    programme = await _programme(connection, snapshot.head)
    answer = _answer(
        snapshot,
        await _profile(connection, programme, snapshot.head, member.session_id, language, now),
        cursors.encode(at, member.member_id, language),
        language,
        now,
        full=had is None,
        offers=None if known else new.items,
    )
    await name_offers(connection, programme, answer["purchases"], language)
    return answer


async def name_purchases(
    connection: Connection, member: MemberSession, purchases: list[Document], asked: str | None
) -> None:
    """Name the offers in these purchases in the member's language, or in the one that the device asks for."""
    language = present(await spoken(connection, member.member_id, asked))
    await name_offers(connection, await campaigns.programme(connection, member.programme_id), purchases, language)


def _of(member: MemberSession) -> tuple[UUID, UUID]:
    return member.programme_id, member.member_id


def _follows(had: Position, head: Head) -> bool:
    """Whether a delta can lead from what the device has to what there is."""
    return (
        had.epoch == head.epoch
        and had.wallet <= head.version
        and had.programme_offers <= head.programme_offers
        and had.member_offers <= head.member_offers
    )


def _is_same(had: Position, head: Head) -> bool:
    now = (head.version, head.chain, head.programme_offers, head.member_offers)
    return (had.wallet, had.chain, had.programme_offers, had.member_offers) == now


async def _delta(connection: Connection, head: Head, had: Position) -> Snapshot | None:
    """What changed after a position, or None where that is too much, or where it is not of this wallet's past."""
    if had.wallet == head.version:
        return Snapshot(head) if had.chain == head.chain else None
    found = await repository.since(connection, head.programme_id, head.member_id, MOST_CHANGED + 1, had.wallet)
    if found is None or not _follows(had, found.head) or len(found.purchases) > MOST_CHANGED:
        return None
    if found.chain_then != had.chain:
        return None
    return found


async def _offers(connection: Connection, member: MemberSession, language: str, now: datetime) -> _OffersNow:
    standing = in_language(await campaigns.member_facts(connection, *_of(member), now), language)
    items = [offer.model_dump(mode="json") for offer in await offers.offers_of(connection, standing, now)]
    until = building.good_until(standing, now)
    if standing.programme.budgets:
        until = min(until, now + BUDGET_SECONDS)
    return _OffersNow(items, cursors.digest(to_json(items)), cursors.whole_seconds(until))


def _position(head: Head, offers_now: _OffersNow) -> Position:
    return Position(
        epoch=head.epoch,
        wallet=head.version,
        chain=head.chain,
        programme_offers=head.programme_offers,
        member_offers=head.member_offers,
        offers=offers_now.digest,
        offers_until=offers_now.until,
    )


def _answer(
    snapshot: Snapshot,
    profile: Document,
    cursor: str,
    language: str,
    now: datetime,
    *,
    full: bool = False,
    offers: list[Document] | None = None,
) -> Document:
    head, bought = snapshot.head, list(snapshot.purchases)
    older = None
    if full and len(bought) > NEWEST:
        bought = bought[:NEWEST]
        older = cursor_after(bought)
    return {
        "cursor": cursor,
        "full": full,
        "profile": profile,
        "wallet": wallet_document(head, now),
        "lots": [lot_document(lot, language) for lot in snapshot.lots],
        "purchases": [purchase_document(row) for row in bought],
        "offers": offers,
        "asked": asked_documents(head, now),
        "older_purchases": older,
    }


def present(found: T | None) -> T:
    """What was read of the member; a member who is no more is signed out."""
    if found is None:
        raise session_ended()
    return found
