"""`python -m api serve`: the API alone, without the app."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Generator

import typer
import uvicorn
from anyio.from_thread import start_blocking_portal
from uvicorn.supervisors import Multiprocess

from api.app import create_app
from api.commands.support import CANNOT_START, START_FAILURES, fail, settings_or_exit
from api.core.logs import LOGGING
from api.database.connections import Connections
from api.database.lock import AlreadyRunning, holder_of
from api.database.running import database_server
from api.demo.seed import demo_data
from api.settings import Settings

_GRACE_SECONDS = 5


def register(cli: typer.Typer) -> None:
    """Add the command."""

    @cli.command()
    def serve(workers: int = typer.Option(0, help="Processes; 0: as KIERTO_WORKERS says.", min=0, max=64)) -> None:
        """Serve the API alone, without the app."""
        settings = settings_or_exit(**({"workers": workers} if workers else {}))
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


class _Server(uvicorn.Server):
    """Uvicorn that ends in order on SIGTERM: its own raises the signal again, and the database would not be stopped."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Stop on SIGINT and SIGTERM."""
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _settle_in() -> None:
    """Leave what was loaded at the start out of every later collection of garbage: it stays as long as the process.

    What a request makes is most often gone with it, without a collection: to look after each 700 things is too often.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def worker_app() -> object:
    """The app of one worker process; its parent runs the database."""
    from api.settings import load_settings  # noqa: PLC0415 - imported by uvicorn in a process of its own

    threading.Thread(target=_end_with_parent, daemon=True, name="end with the parent").start()
    app = create_app(load_settings(), beside=[demo_data])
    _settle_in()
    return app


def _end_with_parent() -> None:
    """Stop this worker when its parent was killed: the address would stay taken, by workers that nobody watches."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _run(settings: Settings, connections: Connections, listener: socket.socket) -> None:
    common = {
        "log_config": LOGGING,
        "access_log": False,  # the API writes its own, without queries and tokens
        "server_header": False,
        "timeout_graceful_shutdown": _GRACE_SECONDS,
        "forwarded_allow_ips": [str(each) for each in settings.trusted_proxies],
    }
    host, port = listener.getsockname()[:2]
    listener.listen()  # who reads the address may come at once, and waits until the app has started
    typer.echo(f"Kierto's API is at http://{host}:{port}/v1 (stop with Ctrl-C)")
    if settings.workers == 1:
        config = uvicorn.Config(create_app(settings, connections=connections, beside=[demo_data]), **common)  # type: ignore[arg-type]
        _settle_in()
        _Server(config).run(sockets=[listener])
        return
    settings.signing_key()  # made before the workers start
    os.environ["KIERTO_INTERNAL_RUNNING_DSN"] = connections.owner_dsn
    config = uvicorn.Config(
        "api.commands.serve:worker_app",
        factory=True,
        workers=settings.workers,
        **common,  # type: ignore[arg-type]
    )
    Multiprocess(config, sockets=[listener]).run()


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        running = holder_of(settings.data_dir) if settings.embedded else None
        if running is not None:
            fail(str(AlreadyRunning(settings.data_dir, running)))
        fail(f"KIERTO_PORT: {settings.host}:{settings.port} cannot be used: {error.strerror or error}.")
    listener.set_inheritable(True)
    return listener
