"""One address: the API where it answers, the app everywhere else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

from flet_web.fastapi.flet_app_manager import app_manager  # type: ignore[import-untyped]
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Match, Router, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from views.host.connection import BrowserConnection
from views.host.static_files import StaticFiles
from views.host.tidying import tidying

API_ROOT = "/v1"


class Api(Protocol):
    """The part of the API's application that hosting uses."""

    @property
    def routes(self) -> list[BaseRoute]:
        """Everything that it answers."""

    @property
    def router(self) -> Any:
        """Its router, which knows its lifespan."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""


class Site:
    """The app, hosted; beside the API when this process has one.

    Args:
        main: What Flet calls for every new browser tab.
        cache: A folder for what is prepared once.
        assets: The app's own pictures.
        api: The API; none where this process is a client only.
        clients: Where the browsers' caches are; those that nobody comes back for are removed.
    """

    def __init__(
        self,
        main: Callable[[Any], Any],
        *,
        cache: Path,
        assets: Path | None = None,
        api: Api | None = None,
        clients: Path | None = None,
    ) -> None:
        self.failure: Exception | None = None
        """Why the API did not start."""
        self._main = main
        self._api = api
        self._clients = clients
        # Packs by content type: an event stream stays as it is, or its events would wait in the packer.
        self._packed_api: ASGIApp | None = None if api is None else GZipMiddleware(api, minimum_size=1000)
        self._app = Router(
            routes=[WebSocketRoute("/ws", self._browser)],
            default=StaticFiles(assets, cache),
            redirect_slashes=False,
            lifespan=self._lifespan,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, by the API or by the app."""
        if scope["type"] == "http" and self._packed_api is not None and self._is_for_api(scope):
            await self._packed_api(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_for_api(self, scope: Scope) -> bool:
        path: str = scope["path"]
        if path == API_ROOT or path.startswith(f"{API_ROOT}/"):
            return True
        routes = self._api.routes if self._api is not None else []
        return any(route.matches(scope)[0] is not Match.NONE for route in routes)

    async def _browser(self, websocket: WebSocket) -> None:
        await BrowserConnection(self._main).handle(websocket)

    @asynccontextmanager
    async def _lifespan(self, _: Any) -> AsyncIterator[Mapping[str, Any]]:
        async with AsyncExitStack() as stack:
            state: Mapping[str, Any] | None = None
            if self._api is not None:
                try:
                    state = await stack.enter_async_context(self._api.router.lifespan_context(self._api))
                except Exception as error:
                    self.failure = error
                    raise
            await stack.enter_async_context(tidying(self._clients))
            await app_manager.start()
            stack.push_async_callback(app_manager.shutdown)
            yield state or {}


async def end_sessions() -> None:
    """Close every browser's session, so that none holds a request to this very process open."""
    for key in list(app_manager._FletAppManager__sessions):
        await app_manager.delete_session(key)
