"""Whose the receipts of a batch are: each judged by the time when its till scanned the member."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.core.device_secret import device_secret
from api.core.security import StaffSession
from api.database.pool import Connection
from api.problems import Refusal
from api.till import batch_repository as repository
from api.till import codes
from api.till.batch_repository import Identified
from api.till.identify import no_member, other_programme
from api.till.quotes import identification_over
from contract.member_code import MemberCode
from contract.till import PurchaseRequest


@dataclass(slots=True)
class Scanned:
    """A purchase of a queue, and when its till scanned the member."""

    purchase: PurchaseRequest
    at: datetime


@dataclass(slots=True)
class AtTime:
    """Who was at the till, and by what: an identification, or the step of a device; either is yet to be used up."""

    member_id: UUID
    can_spend: bool
    identification_id: UUID | None = None
    device_id: UUID | None = None
    step: int = 0


Who = AtTime | Refusal


async def who_they_are(
    connection: Connection, staff: StaffSession, scans: Sequence[Scanned], signing_key: bytes, now: datetime
) -> list[Who]:
    """The member of each purchase, or why there is none; uses nothing up. Three statements however many they are."""
    coded = _codes(scans)
    good = {index: code for index, code in coded.items() if isinstance(code, MemberCode)}
    ids = {index: uid for index, each in enumerate(scans) if (uid := _id(each.purchase.identification)) is not None}
    identified = await _identified(connection, staff, list(ids.values()))
    of_codes = await _of_codes(
        connection, staff, {i: (code, scans[i].at) for i, code in good.items()}, signing_key, now
    )
    who: list[Who] = []
    for index, each in enumerate(scans):
        code = coded.get(index)
        if isinstance(code, Refusal):
            who.append(code)
        elif code is not None:
            who.append(of_codes[index])
        else:
            found = identified.get(ids[index]) if index in ids else None
            who.append(_by_identification(found, each.at, now))
    return who


def _codes(scans: Sequence[Scanned]) -> dict[int, MemberCode | Refusal]:
    found: dict[int, MemberCode | Refusal] = {}
    for index, each in enumerate(scans):
        if each.purchase.code is not None:
            try:
                found[index] = codes.read(each.purchase.code)
            except Refusal as refusal:
                found[index] = refusal
    return found


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


async def _identified(connection: Connection, staff: StaffSession, ids: Sequence[UUID]) -> dict[UUID, Identified]:
    if not ids:
        return {}
    return await repository.identifications(connection, staff.programme_id, staff.store_id, ids)


def _by_identification(found: Identified | None, at: datetime, now: datetime) -> Who:
    if found is None or found.is_used or found.created_at < now - codes.QUEUED:
        return identification_over()
    if not found.created_at - codes.TILL_CLOCK <= at <= found.expires_at + codes.TILL_CLOCK:
        return identification_over()
    return AtTime(found.member_id, found.can_spend, identification_id=found.identification_id)


async def _of_codes(
    connection: Connection,
    staff: StaffSession,
    scanned: Mapping[int, tuple[MemberCode, datetime]],
    signing_key: bytes,
    now: datetime,
) -> dict[int, Who]:
    if not scanned:
        return {}
    members = await repository.members_of_numbers(connection, [code.member_number for code, _ in scanned.values()])
    own = {member_id for member_id, programme_id in members.values() if programme_id == staff.programme_id}
    devices = await repository.devices(connection, own, now - codes.QUEUED)
    found: dict[int, Who] = {}
    for index, (code, at) in scanned.items():
        member_id, programme_id = members.get(code.member_number, (None, None))
        if member_id is None:
            found[index] = no_member()
        elif programme_id != staff.programme_id:
            found[index] = other_programme()
        else:
            try:
                device_id, step = codes.device_of_queued(
                    code, devices.get(member_id, []), lambda device: device_secret(device, signing_key), at, now
                )
                found[index] = AtTime(member_id, True, device_id=device_id, step=step)
            except Refusal as refusal:
                found[index] = refusal
    return found
