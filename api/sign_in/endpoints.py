"""Sign-in's routes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Body, Depends, Query, Request
from fastapi.responses import Response

from api.core.platform import InDatabase, InMail, InSettings, InSignals, InTokens, Now, SigningKey
from api.core.security import CurrentSession
from api.problems import responses
from api.sign_in import service
from contract.base import Slug
from contract.sign_in import CodeRequest, CodeSignIn, PinSignIn, ProgrammeTerms, RefreshRequest, Session

router = APIRouter(tags=["sign-in"])


async def _sign_in(database: InDatabase, tokens: InTokens, key: SigningKey, now: Now) -> service.SignIn:
    return service.SignIn(database, tokens, key, now)


_Service = Annotated[service.SignIn, Depends(_sign_in)]


@router.post("/sign-in/code", status_code=202, responses=responses(429))
async def request_code(
    request: CodeRequest,
    http: Request,
    signing_in: _Service,
    settings: InSettings,
    mail: InMail,
    later: BackgroundTasks,
) -> dict[str, str]:
    """Send a one-time code. 202 alike for known and unknown contacts, also when too many were asked for.

    Too many from one network address, whoever they are for, is 429.

    Where no mail is configured (no KIERTO_SMTP_URL, no demo mode) nothing is sent; the log says so.
    """
    prepared = await signing_in.prepare_code(
        request, http.client.host if http.client else "", settings.codes_per_address
    )
    if prepared is not None:
        later.add_task(mail.send, prepared)
    return {}


@router.get("/sign-in/terms")
async def terms(
    signing_in: _Service,
    programme: Annotated[Slug | None, Query()] = None,
    language: Annotated[str, Query(max_length=16)] = "en",
    since: Annotated[
        int | None, Query(ge=1, le=2**31 - 1, description="A version: say what has changed after it.")
    ] = None,
) -> ProgrammeTerms:
    """Show the terms that somebody accepts who joins, or who accepted an earlier version."""
    return await signing_in.terms(programme, language, since)


@router.post("/sign-in", responses=responses(401, 409, 429))
async def sign_in(
    request: Annotated[CodeSignIn | PinSignIn, Body(discriminator="method")], signing_in: _Service
) -> Session:
    """Sign in with a one-time code, or as staff with a PIN.

    The right code of an unknown contact is answered with 409 `terms_required`, and is still good: send it again with
    `joining`.
    """
    if isinstance(request, CodeSignIn):
        return await signing_in.with_code(request)
    return await signing_in.with_pin(request)


@router.post("/sign-in/refresh", responses=responses(401))
async def refresh(request: RefreshRequest, signing_in: _Service, signals: InSignals) -> Session:
    """Swap a refresh token for a new pair. The old one is honoured once more within a minute, for a lost answer."""
    return await signing_in.refresh(request.refresh_token, signals)


@router.post("/sign-out", status_code=204, response_class=Response)
async def sign_out(session: CurrentSession, signing_in: _Service, signals: InSignals) -> None:
    """End this session at once."""
    await signing_in.out(session, signals)
