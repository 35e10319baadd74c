"""What a till asks for, and what was done of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from api.campaigns import service as campaigns
from api.campaigns.service import MemberStanding
from api.core.security import StaffSession
from api.ledger.repository import Claim
from api.till.repository import Connection
from contract.base import Message
from contract.till import PurchaseRequest

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What was done, for whom, and whether it had been done before."""

    receipt: T
    member_id: UUID
    replayed: bool


@dataclass(slots=True)
class AtTill:
    """Who is at the till, and by what: an identification, or a code yet to be consumed."""

    member_id: UUID
    can_spend: bool
    identification_id: UUID | None = None
    device_id: UUID | None = None
    step: int | None = None


def scope_of(staff: StaffSession) -> str:
    """Whose idempotency keys a till's are: its store's, so that a till that signs in anew can retry."""
    return f"till:{staff.programme_id}:{staff.store_id}"


def fingerprint_of(request: Message, *more: str) -> bytes:
    """A digest of what a write asks for, the same for bodies that mean the same."""
    return hashlib.sha256("\n".join([request.model_dump_json(), *more]).encode()).digest()


@dataclass(slots=True)
class Offer:
    """What a till asks for: all that a try needs."""

    staff: StaffSession
    request: PurchaseRequest
    member: AtTill
    claim: Claim
    now: datetime
    by_kit: bool = False
    """Confirmed without a network: its limits were those of the kit."""


async def standing_of(
    connection: Connection, staff: StaffSession, member: AtTill, request: PurchaseRequest
) -> MemberStanding:
    """What may be known of the member at the purchase's time."""
    return await campaigns.member_facts(connection, staff.programme_id, member.member_id, request.at)
