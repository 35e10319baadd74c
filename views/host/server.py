"""The server of one address: taken before anything else starts, and left in good order."""

from __future__ import annotations

import contextlib
import logging
import signal
import socket
import threading
from collections.abc import Callable, Generator, Iterable

import uvicorn
from starlette.types import ASGIApp

from views.host.site import end_sessions

_GRACE = 3
"""Seconds that requests under way get to finish."""


class PortTaken(Exception):
    """Someone else listens on the address. The message names the way out."""


def take_port(host: str, port: int) -> socket.socket:
    """Reserve the address. Raises PortTaken with the way out when that cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
    except OSError as error:
        taken.close()
        way_out = f"Stop what uses it, or choose another: KIERTO_PORT={port + 1 if port < 65535 else 8550}"
        raise PortTaken(f"{host}:{port} cannot be used ({error.strerror or error}). {way_out}") from error
    return taken


class Server(uvicorn.Server):
    """Uvicorn that ends browsers' sessions first, and counts a signal as a good ending.

    Args:
        config: Uvicorn's own.
        on_ready: Called once requests are answered.
    """

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen, then say so."""
        errors = logging.getLogger("uvicorn.error")
        errors.setLevel(logging.CRITICAL)  # a failed start is said in one line by who called serve()
        await super().startup(sockets)
        errors.setLevel(logging.WARNING)
        if self.started:
            self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let the sessions go, then the connections, then the application."""
        await end_sessions()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Stop on SIGINT and SIGTERM. Unlike uvicorn's own, does not raise them again afterwards."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def serve(
    app: ASGIApp, listener: socket.socket, *, on_ready: Callable[[], None], trusted: Iterable[object] = ()
) -> bool:
    """Serve until a signal comes. Answers whether it ever started.

    What a proxy at one of the `trusted` addresses and networks says of where a request came from is believed.
    """
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=_GRACE,
        timeout_keep_alive=30,
        ws="websockets-sansio",
        server_header=False,
        forwarded_allow_ips=[str(each) for each in trusted],
    )
    server = Server(config, on_ready)
    with contextlib.suppress(SystemExit):  # uvicorn leaves so when the application did not start
        server.run(sockets=[listener])
    return server.started
