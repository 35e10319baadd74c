"""Confirmations over HTTP: a till asks and waits, the member answers and sets her own limit."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from api.confirmations import repository, service
from api.core.idempotency import REPLAYED, IdempotencyKey
from api.core.platform import InDatabase, InHub, Now
from api.core.security import CurrentMember, CurrentStaff
from api.me import repository as me
from api.me import service as profiles
from api.me.documents import asked_documents
from api.problems import responses
from contract.confirmations import (
    Confirmation,
    ConfirmationAsk,
    SpendAnswer,
    SpendAnswered,
    SpendLimitChange,
    SpendRequests,
)
from contract.members import Profile

router = APIRouter()
LONGEST_WAIT = 25


@router.post("/till/confirmations", tags=["till"], status_code=201, responses=responses(400, 401, 403, 409, 429))
async def ask(
    request: ConfirmationAsk,
    response: Response,
    staff: CurrentStaff,
    key: IdempotencyKey,
    database: InDatabase,
    hub: InHub,
    now: Now,
) -> Confirmation:
    """Ask the member on her own devices; a request that waits for the same identification is taken back."""
    async with database.transaction() as connection:
        done = await service.ask(connection, staff, request, key, now)
    if done.replayed:
        response.headers[REPLAYED] = "true"
    else:
        hub.publish(done.row.member_id, done.version)
    return service.confirmation_of(done.row, now)


@router.get("/till/confirmations/{confirmation_id}", tags=["till"], responses=responses(401, 403, 404, 429))
async def outcome(
    confirmation_id: UUID,
    staff: CurrentStaff,
    database: InDatabase,
    hub: InHub,
    now: Now,
    wait: Annotated[float, Query(ge=0, le=LONGEST_WAIT, description="Seconds to wait for an answer.")] = 0,
) -> Confirmation:
    """What came of a request of this very till; with `wait` as soon as something has."""
    row, took = await service.outcome(database, hub, staff, confirmation_id, wait, now)
    return service.confirmation_of(row, now + timedelta(seconds=took))


@router.delete("/till/confirmations/{confirmation_id}", tags=["till"], responses=responses(401, 403, 404))
async def withdraw(
    confirmation_id: UUID, staff: CurrentStaff, database: InDatabase, hub: InHub, now: Now
) -> Confirmation:
    """Take a request back, whether it was answered or not; twice is once."""
    async with database.transaction() as connection:
        done = await service.withdraw(connection, staff, confirmation_id, now)
    hub.publish(done.row.member_id, done.version)
    return service.confirmation_of(done.row, now)


@router.get("/me/confirmations", tags=["me"])
async def waiting(member: CurrentMember, database: InDatabase, now: Now) -> SpendRequests:
    """What tills ask of her now. `changes` brings the same."""
    async with database.connection() as connection:
        head = profiles.present(await me.head(connection, member.programme_id, member.member_id))
    return SpendRequests.model_validate({"items": asked_documents(head, now)})


@router.post("/me/confirmations/{confirmation_id}", tags=["me"], responses=responses(404, 409))
async def answer(
    confirmation_id: UUID, request: SpendAnswer, member: CurrentMember, database: InDatabase, hub: InHub, now: Now
) -> SpendAnswered:
    """Allow it or refuse it; the same answer again changes nothing."""
    async with database.transaction() as connection:
        done = await service.answer(connection, member, confirmation_id, request, now)
    if not done.replayed:
        hub.publish(confirmation_id, 1)
        hub.publish(member.member_id, done.version)
    return service.answered_of(done.row, now)


@router.put("/me/spend-limit", tags=["me"])
async def set_spend_limit(
    request: SpendLimitChange, member: CurrentMember, database: InDatabase, hub: InHub, now: Now
) -> Profile:
    """Set what tills may spend without asking her: 0 always asks, null is the programme's own limit."""
    async with database.transaction() as connection:
        await repository.set_spend_limit(connection, member.member_id, request.limit)
        profile = await profiles.profile(connection, member, now)
    hub.publish(member.member_id, profile.wallet.version)
    return profile
