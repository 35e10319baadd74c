"""A client that is cheap enough not to be what is measured: requests are bytes made beforehand, answers are counted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import cast
from urllib.parse import urlsplit

_LENGTH = b"content-length: "
_GRACE_SECONDS = 15


class WrongAnswer(RuntimeError):
    """The server said something else than was expected; the message holds all of it."""


class _Connection(asyncio.Protocol):
    """One connection: the next request goes out as soon as the answer is whole."""

    def __init__(self, requests: Iterator[bytes], status: bytes, until: float) -> None:
        self.done = 0
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._requests, self._status, self._until = requests, status, until
        self._transport: asyncio.WriteTransport | None = None
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        at = self._buffer.find(_LENGTH, 0, head) + len(_LENGTH)
        whole = head + 4 + int(self._buffer[at : self._buffer.find(b"\r", at)])
        if len(self._buffer) < whole:
            return
        if not self._buffer.startswith(self._status, 9):
            self._end(WrongAnswer(self._buffer.decode(errors="replace")))
            return
        self._buffer = b""
        self.done += 1
        self._send()

    def connection_lost(self, error: Exception | None) -> None:
        self._end(error or ConnectionError("the server closed the connection"))

    def _send(self) -> None:
        request = next(self._requests, None) if time.perf_counter() < self._until else None
        if request is None:
            self._end(None)
        elif self._transport is not None:
            self._transport.write(request)

    def _end(self, error: Exception | None) -> None:
        if self.ended.done():
            return
        if error is None:
            self.ended.set_result(None)
        else:
            self.ended.set_exception(error)
        if self._transport is not None:
            self._transport.close()


async def drive(url: str, requests: Iterator[bytes], *, status: int, clients: int, seconds: float) -> tuple[int, float]:
    """Send requests for so long, over so many connections at once; how many were answered, and the time taken.

    Raises WrongAnswer for an answer with another status.
    """
    address = urlsplit(url)
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    connections: list[_Connection] = []
    for _ in range(clients):
        _, connection = await loop.create_connection(
            lambda: _Connection(requests, str(status).encode(), began + seconds), address.hostname, address.port
        )
        connections.append(connection)
    async with asyncio.timeout(seconds + _GRACE_SECONDS):
        await asyncio.gather(*(connection.ended for connection in connections))
    return sum(connection.done for connection in connections), time.perf_counter() - began


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """One HTTP request as it travels."""
    lines = [f"{method} {path} HTTP/1.1", "Host: bench", *(f"{name}: {value}" for name, value in headers.items())]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body
