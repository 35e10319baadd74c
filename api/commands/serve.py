"""`python -m api serve`: the API alone, without the app."""

from __future__ import annotations

import os
import socket

import typer
import uvicorn
from anyio.from_thread import start_blocking_portal
from uvicorn.supervisors import Multiprocess

from api.app import create_app
from api.commands.support import CANNOT_START, START_FAILURES, fail, settings_or_exit
from api.core.logs import LOGGING
from api.database.connections import Connections
from api.database.running import database_server
from api.settings import Settings

_GRACE_SECONDS = 5


def register(cli: typer.Typer) -> None:
    """Add the command."""

    @cli.command()
    def serve(workers: int = typer.Option(0, help="Processes; 0: as KIERTO_WORKERS says.", min=0, max=64)) -> None:
        """Serve the API alone, without the app."""
        settings = settings_or_exit()
        if workers:
            settings = settings.model_copy(update={"workers": workers})
        if settings.client_only:
            fail("KIERTO_API_URL is set: this machine is a client only, and serves no API.")
        listener = _listen(settings)
        try:
            with (
                start_blocking_portal() as portal,  # the server is watched there while requests are served here
                portal.wrap_async_context_manager(database_server(settings)) as connections,
            ):
                _run(settings, connections, listener)
        except START_FAILURES as failure:
            fail(str(failure), CANNOT_START)
        finally:
            listener.close()


def worker_app() -> object:
    """The app of one worker process; its parent runs the database."""
    from api.settings import load_settings  # noqa: PLC0415 - imported by uvicorn in a process of its own

    return create_app(load_settings())


def _run(settings: Settings, connections: Connections, listener: socket.socket) -> None:
    common = {
        "log_config": LOGGING,
        "access_log": False,  # the API writes its own, without queries and tokens
        "server_header": False,
        "timeout_graceful_shutdown": _GRACE_SECONDS,
    }
    host, port = listener.getsockname()[:2]
    typer.echo(f"Kierto's API is at http://{host}:{port}/v1 (stop with Ctrl-C)")
    if settings.workers == 1:
        config = uvicorn.Config(create_app(settings, connections=connections), **common)  # type: ignore[arg-type]
        uvicorn.Server(config).run(sockets=[listener])
        return
    settings.signing_key()  # made before the workers start
    os.environ["KIERTO_INTERNAL_RUNNING_DSN"] = connections.owner_dsn
    config = uvicorn.Config(
        "api.commands.serve:worker_app",
        factory=True,
        workers=settings.workers,
        **common,  # type: ignore[arg-type]
    )
    Multiprocess(config, target=uvicorn.Server(config).run, sockets=[listener]).run()


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        fail(f"KIERTO_PORT: {settings.host}:{settings.port} cannot be used: {error.strerror or error}.")
    listener.set_inheritable(True)
    return listener
