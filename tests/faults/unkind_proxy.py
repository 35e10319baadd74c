"""A network between a till and its API that loses, delays, doubles and reorders, by a test's dice."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from contextlib import suppress

_PATIENCE = 20.0


class UnkindProxy:
    """Forwards HTTP requests to `port`. `down` cuts it; `kind` forwards each as it is."""

    def __init__(self, port: int, rng: random.Random) -> None:
        self.port, self.rng = port, rng
        self.down, self.kind = False, False
        self.fates: Counter[str] = Counter()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> UnkindProxy:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                request = await _message(reader)
                answer = await self._meet_its_fate(request)
                if answer is not None:
                    writer.write(answer)
                    await writer.drain()
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _meet_its_fate(self, request: bytes) -> bytes | None:
        fate = "down" if self.down else "kind" if self.kind else self._roll()
        self.fates[fate] += 1
        if fate in {"down", "lost"}:
            return None
        if fate == "delayed":  # so that what was sent later may arrive earlier
            await asyncio.sleep(self.rng.uniform(0.02, 0.4))
        answer = await self._forward(request)
        if fate == "doubled":
            answer = await self._forward(request)
        if fate == "doubled late":
            again = asyncio.create_task(self._late(request))
            self._tasks.add(again)
            again.add_done_callback(self._tasks.discard)
        return None if fate == "answer lost" or self.down else answer

    def _roll(self) -> str:
        fates = ("kind", "lost", "answer lost", "delayed", "doubled", "doubled late")
        return self.rng.choices(fates, (8, 1, 2, 2, 1, 1))[0]

    async def _late(self, request: bytes) -> None:
        await asyncio.sleep(self.rng.uniform(0.1, 0.8))
        with suppress(OSError, asyncio.IncompleteReadError):
            await self._forward(request)

    async def _forward(self, request: bytes) -> bytes | None:
        with suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                try:
                    writer.write(request)
                    await writer.drain()
                    return await reader.read()
                finally:
                    writer.close()
                    with suppress(OSError):
                        await writer.wait_closed()
        return None


async def _message(reader: asyncio.StreamReader) -> bytes:
    """One request with its body, as one that ends its connection."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if line and not line.lower().startswith(b"connection:")]
    length = next((int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length:")), 0)
    body = await reader.readexactly(length)
    return b"\r\n".join([*lines, b"Connection: close", b"", b""]) + body
