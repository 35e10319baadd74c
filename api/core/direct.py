"""The busiest routes, served directly: what FastAPI works out for each request is worked out once, from the same route.

A route is declared to FastAPI as ever, and marked:

    @router.post("/purchases", ...)
    @direct
    async def post_purchase(request: PurchaseRequest, staff: CurrentStaff, ...) -> Response: ...

A request that is wholly in order (its body and parameters are sound, its dependencies refuse nothing) then goes to the
endpoint without a search for the route and without FastAPI's solving, and its body is read by pydantic from the bytes.
Any other request takes FastAPI's way, with what was read of it played back: that way knows every manner of saying no,
so a refusal is the same whether a route is marked or not. Taking a mark away changes nothing but the time.

A marked endpoint answers with a `Response`, has no parameter in its path, and depends on `async` functions that only
look (they may run twice for one request).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast, get_type_hints

from fastapi import APIRouter, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_Endpoint = TypeVar("_Endpoint", bound=Callable[..., Awaitable[Response]])
_Reader = Callable[[Request], Any]
_MARK = "served_directly"


def direct(endpoint: _Endpoint) -> _Endpoint:
    """Mark an endpoint as one to serve directly."""
    setattr(endpoint, _MARK, True)
    return endpoint


class _Ordinary(Exception):
    """The request is for FastAPI to judge."""


@dataclass(frozen=True, slots=True)
class _Call:
    """A function with where each of its arguments comes from."""

    function: Callable[..., Awaitable[Any]]
    readers: tuple[tuple[str, _Reader], ...]
    needs: tuple[tuple[str, _Call], ...]

    @classmethod
    def of(cls, dependant: Dependant) -> _Call:
        """What FastAPI has found out about a function. Raises TypeError where it asks for more than is served here."""
        more = (dependant.path_params, dependant.cookie_params, dependant.response_param_name)
        if any(more) or dependant.background_tasks_param_name or dependant.security_scopes_param_name:
            raise TypeError(f"{dependant.call} cannot be served directly: it asks for more than is known here")
        readers: list[tuple[str, _Reader]] = []
        if dependant.request_param_name:
            readers.append((dependant.request_param_name, _itself))
        readers += [(each.name, _parameter(each, "headers")) for each in dependant.header_params]
        readers += [(each.name, _parameter(each, "query_params")) for each in dependant.query_params]
        needs = tuple((cast(str, each.name), cls.of(each)) for each in dependant.dependencies)
        return cls(cast(Any, dependant.call), tuple(readers), needs)

    async def arguments(self, request: Request) -> dict[str, Any]:
        """The function's arguments, but for the body."""
        found = {name: read(request) for name, read in self.readers}
        for name, need in self.needs:
            found[name] = await need.function(**await need.arguments(request))
        return found


def _itself(request: Request) -> Request:
    return request


def _parameter(field: Any, place: str) -> _Reader:
    def read(request: Request) -> Any:
        sent = getattr(request, place).get(field.validation_alias or field.alias)
        if sent is None:
            if field.field_info.is_required():
                raise _Ordinary
            return field.get_default()
        value, errors = field.validate(sent)
        if errors:
            raise _Ordinary
        return value

    return read


class _Route:
    """One marked route."""

    def __init__(self, app: FastAPI, route: APIRoute) -> None:
        self._app = app
        self._call = _Call.of(route.dependant)
        body = route.body_field
        self._body_name = body.name if body else ""
        self._validate = TypeAdapter(get_type_hints(route.endpoint)[body.name]).validate_json if body else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send, ordinary: ASGIApp) -> None:
        """Serve a request, or hand it to FastAPI."""
        request = Request(scope)
        read = await _body(receive) if self._validate else []
        try:
            arguments = await self._call.arguments(request)
            if self._validate:
                arguments[self._body_name] = self._validate(_json(request, read))
        except Exception:  # whatever it is: FastAPI meets it again, and says it
            await ordinary(scope, _again(read, receive), send)
            return
        try:
            response = await self._call.function(**arguments)
        except Exception as error:
            handler = next((h for kind in type(error).__mro__ if (h := self._app.exception_handlers.get(kind))), None)
            if handler is None:
                raise
            response = await cast(Any, handler)(request, error)
        await response(scope, receive, send)


async def _body(receive: Receive) -> list[Message]:
    """The messages of a request's body."""
    read = [await receive()]
    while read[-1].get("more_body", False):
        read.append(await receive())
    return read


def _json(request: Request, read: list[Message]) -> bytes:
    """The body as it was sent. Raises _Ordinary where it is not said to be JSON."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise _Ordinary
    return b"".join(message.get("body", b"") for message in read)


def _again(read: list[Message], receive: Receive) -> Receive:
    """A `receive` that begins with what was read already."""
    left = iter(read)

    async def replay() -> Message:
        message = next(left, None)
        return await receive() if message is None else message

    return replay


class DirectRoutes:
    """The marked routes of an app, by method and path."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._routes: dict[tuple[str, str], _Route] = {}

    def add(self, router: APIRouter, prefix: str) -> None:
        """Serve the marked routes of a router, which stand below `prefix`."""
        for each in router.routes:
            if isinstance(each, APIRoute) and hasattr(each.endpoint, _MARK):
                served = _Route(self._app, each)
                for method in each.methods or ():
                    self._routes[method, prefix + each.path] = served

    def __contains__(self, route: tuple[str, str]) -> bool:
        """Whether the route of a method and a path is served directly."""
        return route in self._routes

    def find(self, scope: Scope) -> _Route | None:
        """The marked route that an HTTP request asks for."""
        return self._routes.get((scope["method"], scope["path"]))
