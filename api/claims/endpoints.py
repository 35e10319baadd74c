"""Claims over HTTP: a member's own, and all of them for the manager."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Query
from fastapi.responses import Response

from api.claims import answering, decisions, service
from api.core.idempotency import REPLAYED, IdempotencyKey
from api.core.platform import InDatabase, InHub, InMail, Now
from api.core.security import CurrentManager, CurrentMember
from api.problems import responses
from contract.claims import Claim, ClaimRequest, Claims, ClaimState, Decision, ProgrammeClaim, ProgrammeClaims

router = APIRouter()


@router.get("/me/claims", tags=["me"])
async def my_claims(member: CurrentMember, database: InDatabase) -> Claims:
    """List the member's claims, newest first, with what a new one may be about."""
    async with database.connection() as connection:
        return await service.of_member(connection, member)


@router.post("/me/claims", status_code=201, tags=["me"], responses=responses(404, 409, 429))
async def make_claim(
    request: ClaimRequest,
    member: CurrentMember,
    database: InDatabase,
    now: Now,
    key: IdempotencyKey,
    answer: Response,
) -> Claim:
    """Say that a purchase is missing, or that one earned too little."""
    async with database.transaction() as connection:
        claim, replayed = await service.make(connection, member, request, key, now)
    if replayed:
        answer.headers[REPLAYED] = "true"
    return claim


@router.get("/programme/claims", tags=["programme"])
async def programme_claims(
    manager: CurrentManager,
    database: InDatabase,
    state: Annotated[ClaimState | None, Query()] = None,
    cursor: Annotated[str | None, Query(max_length=256)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> ProgrammeClaims:
    """List claims with their evidence, oldest first: those are due first."""
    async with database.connection() as connection:
        return await service.of_programme(connection, manager.programme_id, state, cursor, limit)


@router.post("/programme/claims/{claim_id}/decision", tags=["programme"], responses=responses(404, 409))
async def decide(
    claim_id: UUID,
    decision: Decision,
    manager: CurrentManager,
    database: InDatabase,
    hub: InHub,
    now: Now,
    key: IdempotencyKey,
    mail: InMail,
    later: BackgroundTasks,
) -> ProgrammeClaim:
    """Accept a claim, which posts the purchase or gives an amount, or refuse it with a reason. Once.

    A member who allows answers to her claims by e-mail gets one, in her language.
    """
    async with database.transaction() as connection:
        done = await decisions.decide(connection, manager, claim_id, decision, now)
        answer = await answering.mail_of(connection, done.member_id, claim_id, now) if done.fresh else None
    if answer is not None:
        later.add_task(mail.send, answer)
    hub.publish(done.member_id, done.wallet_version)
    return done.claim
