"""Around every request: its id, security headers, the limit of its body, the access log, and the last catch."""

from __future__ import annotations

import logging
import time

from fastapi import Request
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.core.direct import DirectRoutes
from api.core.request_id import request_id
from api.problems import Refusal, answer, unexpected
from contract.errors import ErrorCode

access = logging.getLogger("kierto.access")
MEBIBYTE = 1024 * 1024
BODY_LIMIT = MEBIBYTE
IMPORT_LIMIT = 64 * MEBIBYTE
IMPORT_PATH = "/v1/programme/imports"
FILE_PATHS = frozenset({IMPORT_PATH, "/v1/programme/catalogue"})
_LINE = "%s %s %s %s %.1fms %s"
_OWN = ("/v1", "/demo")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_RAW_HEADERS = [(name.lower().encode(), value.encode()) for name, value in _HEADERS.items()]


def is_own_path(path: str) -> bool:
    """Whether a path is the API's, and not the app's that the same process may host."""
    return any(path == own or path.startswith(f"{own}/") for own in _OWN)


class Around:
    """The one middleware; pure ASGI, so that a stream stays a stream and a request costs no extra task."""

    def __init__(self, app: ASGIApp, direct: DirectRoutes) -> None:
        self._app = app
        self._direct = direct

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; everything but the API's own HTTP requests passes through."""
        if scope["type"] != "http" or not is_own_path(scope["path"]):
            await self._app(scope, receive, send)
            return
        begin = time.perf_counter()
        reference = request_id(scope)
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [(b"x-request-id", reference.encode()), *message.get("headers", ())]
                own = {name for name, _ in headers}
                message["headers"] = headers + [each for each in _RAW_HEADERS if each[0] not in own]
            await send(message)

        try:
            await self._guarded(scope, receive, send_with_headers, lambda: status != 0)
        finally:
            took = (time.perf_counter() - begin) * 1000
            client = scope["client"][0] if scope.get("client") else "-"
            # the path without its query, and no header: a log holds no token, contact or cursor
            if access.isEnabledFor(logging.INFO):  # handled as it is: to look up which line of code logs takes time
                said = (client, scope["method"], scope["path"], status, took, reference)
                access.handle(logging.LogRecord(access.name, logging.INFO, "", 0, _LINE, said, None))

    async def _guarded(self, scope: Scope, receive: Receive, send: Send, started: object) -> None:
        assert callable(started)  # noqa: S101
        request = Request(scope)
        try:
            direct = self._direct.find(scope)
            if direct is None:
                await self._app(scope, _limited(scope, receive), send)
            else:
                await direct(scope, _limited(scope, receive), send, self._app)
        except Exception as error:
            if started():
                raise
            response = _too_large(request) if _is_too_large(error) else unexpected(request, error)
            await response(scope, receive, send)


def _limited(scope: Scope, receive: Receive) -> Receive:
    limit = IMPORT_LIMIT if scope["path"] in FILE_PATHS else BODY_LIMIT
    declared = Headers(scope=scope).get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise HTTPException(413)
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise HTTPException(413)
        return message

    return limited


def _is_too_large(error: Exception) -> bool:
    return isinstance(error, HTTPException) and error.status_code == 413


def _too_large(request: Request) -> Response:
    limit = IMPORT_LIMIT if request.url.path in FILE_PATHS else BODY_LIMIT
    detail = f"The body may have {limit // MEBIBYTE} MiB at most."
    return answer(
        Refusal(413, ErrorCode.TOO_LARGE, detail, params={"limit": limit}, headers={"Connection": "close"}),
        request.url.path,
    )
