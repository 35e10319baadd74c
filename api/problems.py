"""Refusals: every answer that says no is a problem document (RFC 9457), whatever said it."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

import asyncpg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from api.core.request_id import request_id
from api.field_errors import field_errors
from contract.errors import ErrorCode, FieldError, Problem

log = logging.getLogger("kierto.api")
MEDIA_TYPE = "application/problem+json"


class Refusal(Exception):
    """Something was refused: an answer with a code and a way out. Raised anywhere below an endpoint."""

    def __init__(
        self,
        status: int,
        code: ErrorCode,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = list(errors)
        self.params = dict(params or {})
        self.headers = dict(headers or {})


def not_found(detail: str = "There is nothing at this address.") -> Refusal:
    """404."""
    return Refusal(404, ErrorCode.NOT_FOUND, detail)


def not_signed_in(detail: str = "Sign in first.") -> Refusal:
    """401."""
    return Refusal(401, ErrorCode.NOT_SIGNED_IN, detail, headers={"WWW-Authenticate": "Bearer"})


def invalid(field: str, message: str) -> Refusal:
    """422 about one field, named as a path such as ``lines.0.unit_price``."""
    return Refusal(
        422, ErrorCode.INVALID_INPUT, f"{field}: {message}", errors=[FieldError(field=field, message=message)]
    )


def unavailable(detail: str = "The database does not answer just now. Try again in a moment.") -> Refusal:
    """503, worth a retry."""
    return Refusal(503, ErrorCode.UNAVAILABLE, detail, headers={"Retry-After": "2"})


class WalletHeld(Refusal):
    """503: another transaction has held a member's wallet for longer than a write waits."""

    def __init__(self, member_id: UUID) -> None:
        detail = "Somebody else is writing to this member's wallet. Send this again in a moment."
        super().__init__(503, ErrorCode.UNAVAILABLE, detail, headers={"Retry-After": "2"})
        self.member_id = member_id


def too_many(detail: str, seconds: int, **more: str) -> Refusal:
    """429, with the seconds to wait, and what more a client may say."""
    params: dict[str, str | int] = {"seconds": seconds, **more}
    return Refusal(429, ErrorCode.TOO_MANY_REQUESTS, detail, params=params, headers={"Retry-After": str(seconds)})


def problem_of(refusal: Refusal, instance: str | None = None) -> Problem:
    """The document that says a refusal."""
    return Problem(
        title=HTTPStatus(refusal.status).phrase,
        status=refusal.status,
        code=refusal.code,
        detail=refusal.detail,
        instance=instance,
        errors=refusal.errors,
        params=refusal.params,
    )


def answer(refusal: Refusal, instance: str | None = None) -> Response:
    """The HTTP answer that carries a refusal."""
    problem = problem_of(refusal, instance)
    return Response(problem.model_dump_json(), refusal.status, refusal.headers, MEDIA_TYPE)


_HTTP_CODES = {
    401: ErrorCode.NOT_SIGNED_IN,
    403: ErrorCode.NOT_ALLOWED,
    404: ErrorCode.NOT_FOUND,
    405: ErrorCode.METHOD_NOT_ALLOWED,
    413: ErrorCode.TOO_LARGE,
    415: ErrorCode.UNSUPPORTED_MEDIA_TYPE,
    429: ErrorCode.TOO_MANY_REQUESTS,
    503: ErrorCode.UNAVAILABLE,
}
_HTTP_DETAILS = {
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    413: "The request's body is too large.",
}


async def _on_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)  # noqa: S101 - registered for Refusal
    return answer(error, request.url.path)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for HTTPException
    if error.status_code == 400:  # the framework could not read the body at all
        return answer(invalid("body", "could not be read"), request.url.path)
    refusal = Refusal(
        error.status_code,
        _HTTP_CODES.get(error.status_code, ErrorCode.INVALID_INPUT),
        _HTTP_DETAILS.get(error.status_code, str(error.detail)),
        headers=error.headers,
    )
    return answer(refusal, request.url.path)


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for RequestValidationError
    errors = field_errors(error.errors(), error.body)
    detail = f"{errors[0].field}: {errors[0].message}" if errors else "The request could not be taken."
    return answer(Refusal(422, ErrorCode.INVALID_INPUT, detail, errors=errors), request.url.path)


async def _on_bad_text(request: Request, error: Exception) -> Response:
    return answer(invalid("body", "holds a character that cannot be stored"), request.url.path)


def unexpected(request: Request, error: Exception) -> Response:
    """500: logged with an id that the answer names; nothing of the inside is shown."""
    reference = request_id(request.scope)
    log.error("unexpected error %s at %s %s", reference, request.method, request.url.path, exc_info=error)
    detail = f"Something went wrong on our side. If it stays, tell us this reference: {reference}."
    return answer(Refusal(500, ErrorCode.UNEXPECTED, detail, params={"reference": reference}), request.url.path)


def install(app: FastAPI) -> None:
    """Make every answer of `app` that says no a problem document."""
    app.add_exception_handler(Refusal, _on_refusal)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(asyncpg.CharacterNotInRepertoireError, _on_bad_text)
    app.add_exception_handler(asyncpg.UntranslatableCharacterError, _on_bad_text)
    app.add_exception_handler(asyncpg.UnknownPostgresError, _on_state)


async def _on_state(request: Request, error: Exception) -> Response:
    """A refusal that the database itself says, whichever statement met it."""
    if getattr(error, "sqlstate", "") == _OWN_ACCOUNT:
        return answer(own_account(), request.url.path)
    raise error


_OWN_ACCOUNT = "KT010"


def own_account() -> Refusal:
    """Staff may not serve their own account, or one that is linked to them."""
    return Refusal(
        403,
        ErrorCode.OWN_ACCOUNT,
        "This account is the cashier's own, or linked to her. Somebody else must serve it.",
    )


_MEANINGS = {
    400: "The request lacks something, such as its Idempotency-Key.",
    401: "Not signed in, or the session has ended.",
    403: "Signed in, but not allowed.",
    404: "Nothing there.",
    409: "In conflict with what is already there.",
    413: "The body is too large.",
    415: "The body has another media type than is taken here.",
    422: "A field could not be taken; `errors` names it.",
    429: "Too many requests; `Retry-After` says how long to wait.",
    500: "Unexpected; `params.reference` names it in the log.",
    503: "The database does not answer just now; try again.",
}
_ALWAYS = (422, 500, 503)


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route: the problems named, and those that any route may answer with."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": _MEANINGS.get(status, HTTPStatus(status).phrase), "content": content}
        for status in sorted({*statuses, *_ALWAYS})
    }
