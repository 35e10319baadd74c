"""The API as one ASGI app: its settings in, its routes out, and what lives as long as it does."""

from __future__ import annotations

import importlib
import importlib.util
import logging
import pkgutil
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from fastapi import Depends, FastAPI
from starlette.types import ASGIApp

import api
from api import openapi, problems
from api.core.clock import Clock, SystemClock
from api.core.direct import DirectRoutes
from api.core.hub import Hub
from api.core.lanes import Lanes
from api.core.media_type import known_media_type
from api.core.middleware import Around
from api.core.revocations import Revocations
from api.core.signals import Signals
from api.core.tokens import Tokens
from api.core.turns import Turns
from api.database.connections import Connections
from api.database.pool import Database
from api.database.running import database_server
from api.jobs.rounds import going_round
from api.mail.configured import sender_of
from api.mail.sender import NoMail
from api.reviews.watch import watching
from api.settings import Settings
from api.version import VERSION

log = logging.getLogger("kierto.api")
_PREFIX = "/v1"
Beside = Callable[[FastAPI], AbstractAsyncContextManager[object]]


def create_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    connections: Connections | None = None,
    site: ASGIApp | None = None,
    beside: Sequence[Beside] = (),
) -> FastAPI:
    """The API.

    Each package `api.<feature>` with a module `endpoints` joins by itself: its `router` under `/v1`, its `pages` at the
    root.

    Args:
        settings: what the operator set.
        clock: says the time; the machine's when left out.
        connections: a migrated database that somebody else runs; otherwise the lifespan starts and migrates what the
            settings name.
        site: an ASGI app for every path that is not the API's (`/v1`, `/demo`). Do not mount one at `/`: it would
            swallow the API's own 404 and 405.
        beside: context managers to enter once the API is ready, such as the demo's data or the lifespan of `site`.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await _start(app, stack, connections)
            for each in beside:
                await stack.enter_async_context(each(app))
            yield

    app = FastAPI(
        title="Kierto",
        version=VERSION,
        summary="An omnichannel cashback wallet.",
        lifespan=lifespan,
        openapi_url="/v1/openapi.json",
        docs_url=None,  # the documentation pages would load scripts from a CDN
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Depends(known_media_type)],
        responses=problems.responses(),
        telemetry={"tracing": False, "metrics": False, "logs": False},  # nothing here gathers it, and asking takes time
    )
    key = settings.signing_key()
    app.state.settings = settings
    app.state.clock = clock or SystemClock()
    app.state.signing_key = key
    app.state.tokens = Tokens(key)
    app.state.revocations = Revocations()
    app.state.hub = Hub()
    app.state.lanes = Lanes()
    app.state.turns = Turns()
    app.state.mail = sender_of(settings)
    problems.install(app)
    openapi.install(app)
    app.state.direct = direct = DirectRoutes(app)
    app.add_middleware(Around, direct=direct)
    _include_features(app, settings, direct)
    if site is not None:
        app.router.default = site
    return app


async def _start(app: FastAPI, stack: AsyncExitStack, connections: Connections | None) -> None:
    if connections is None:
        connections = await stack.enter_async_context(database_server(app.state.settings))
    database = await Database.open(connections)
    stack.push_async_callback(database.close)
    app.state.database = database
    signals = Signals(database, app.state.hub, app.state.revocations, app.state.clock)
    app.state.signals = signals
    await signals.start()
    stack.push_async_callback(signals.stop)
    stack.callback(app.state.hub.close)
    if app.state.settings.jobs == "true":
        await stack.enter_async_context(going_round(app))
        await stack.enter_async_context(watching(app))
    if isinstance(app.state.mail, NoMail):
        log.warning(
            "neither KIERTO_SMTP_URL nor KIERTO_SMS_URL is set: one-time codes cannot be sent, "
            "so no member can sign in with one"
        )


def _include_features(app: FastAPI, settings: Settings, direct: DirectRoutes) -> None:
    for found in pkgutil.iter_modules(api.__path__):
        name = f"api.{found.name}.endpoints"
        if not found.ispkg or importlib.util.find_spec(name) is None:
            continue
        if found.name == "demo" and not settings.is_demo:
            continue
        module = importlib.import_module(name)
        if hasattr(module, "router"):
            app.include_router(module.router, prefix=_PREFIX)
            direct.add(module.router, _PREFIX)
        if hasattr(module, "pages"):
            app.include_router(module.pages)
