"""A browser reduced to its websocket: speaks Flet's protocol to a site that really listens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgpack
import uvicorn
import websockets

from views.host.server import Server, take_port

REGISTER, PATCH, EVENT, ANSWER, CRASHED = 1, 2, 3, 5, 6


def pack(action: int, body: Any) -> bytes:
    return b"\x00" + msgpack.packb([action, body])


class Wire:
    """One browser tab."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self.socket = socket
        self.messages: list[tuple[int, Any]] = []
        self._came = asyncio.Event()
        self._reader = asyncio.create_task(self._read())

    async def register(self, session_id: str = "", *, web: bool = True) -> None:
        page = {"route": "/", "width": 390, "height": 844, "web": web, "platform": "android"}
        await self.socket.send(pack(REGISTER, {"session_id": session_id, "page_name": "", "page": page}))
        await self.until(lambda: any(action == REGISTER for action, _ in self.messages))

    @property
    def session_id(self) -> str:
        return next(body["session_id"] for action, body in self.messages if action == REGISTER)

    @property
    def asked(self) -> dict[str, Any] | None:
        """The newest call to this browser."""
        calls = [body for action, body in self.messages if action == ANSWER]
        return calls[-1] if calls else None

    async def answer(self, result: Any) -> None:
        """Answer the newest call."""
        assert self.asked is not None
        said = {"control_id": self.asked["control_id"], "call_id": self.asked["call_id"], "result": result}
        await self.socket.send(pack(ANSWER, {**said, "error": None}))

    async def click(self, text: str) -> None:
        await self.until(lambda: self.find(text) is not None)
        await self.socket.send(pack(EVENT, {"target": self.find(text), "name": "click", "data": None}))

    def find(self, text: str) -> int | None:
        """The newest button with this text."""
        found = [node["_i"] for node in _nodes([b for _, b in self.messages]) if node.get("content") == text]
        return found[-1] if found else None

    def shows(self, text: str) -> bool:
        return any(text in str(value) for value in _leaves([body for _, body in self.messages]))

    async def until(self, condition: Callable[[], bool], within: float = 10) -> None:
        async with asyncio.timeout(within):
            while not condition():
                self._came.clear()
                await self._came.wait()

    async def _read(self) -> None:
        try:
            async for message in self.socket:
                action, body = msgpack.unpackb(message[1:], strict_map_key=False)
                self.messages.append((action, body))
                self._came.set()
        except websockets.ConnectionClosed:
            pass

    async def close(self) -> None:
        await self.socket.close()
        await self._reader


def _nodes(value: Any) -> list[dict[Any, Any]]:
    if isinstance(value, dict):
        return ([value] if "_i" in value else []) + [n for v in value.values() for n in _nodes(v)]
    return [n for v in value for n in _nodes(v)] if isinstance(value, list) else []


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for v in value.values() for leaf in _leaves(v)]
    return [leaf for v in value for leaf in _leaves(v)] if isinstance(value, list) else [value]


class Listening:
    """A site that answers on a port of its own."""

    def __init__(self, server: Server, port: int, task: asyncio.Task[None]) -> None:
        self.server, self.port, self.task = server, port, task
        self.url = f"http://127.0.0.1:{port}"

    async def open(self, **headers: str) -> Wire:
        url = f"ws://127.0.0.1:{self.port}/ws"
        return Wire(await websockets.connect(url, max_size=None, additional_headers=headers))

    async def stop(self) -> None:
        self.server.should_exit = True
        await self.task


@asynccontextmanager
async def listening(app: Any) -> AsyncIterator[Listening]:
    listener = take_port("127.0.0.1", 0)
    ready = asyncio.Event()
    config = uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=20, ws="websockets-sansio")
    server = Server(config, ready.set)
    task = asyncio.create_task(server._serve([listener]))
    await asyncio.wait({asyncio.create_task(ready.wait()), task}, return_when=asyncio.FIRST_COMPLETED)
    here = Listening(server, listener.getsockname()[1], task)
    try:
        yield here
    finally:
        await here.stop()
        listener.close()
