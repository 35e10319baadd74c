"""Web servers to measure, each a process of its own with one worker, and pgbench."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from api.database.embedded import installed_programs

ROOT = Path(__file__).resolve().parents[2]
SECRET_KEY = "a key of the benchmark, long enough to sign with"
CLIENTS = 8


@dataclass(frozen=True, slots=True)
class Served:
    """A running web server."""

    url: str
    pid: int


def api_server(database_url: str, root: Path = ROOT) -> AbstractAsyncContextManager[Served]:
    """`python -m api serve`, as an operator runs it, on a database that is there."""
    return _server(
        ["-m", "api", "serve"],
        root,
        KIERTO_DATABASE_URL=database_url,
        KIERTO_SECRET_KEY=SECRET_KEY,
        KIERTO_DEMO="false",
        KIERTO_PORT="0",
    )


def bare_server() -> AbstractAsyncContextManager[Served]:
    """The least FastAPI endpoint with a response model, with the same server settings."""
    return _server(["-m", "tests.bench.bare"], ROOT)


def empty_app() -> AbstractAsyncContextManager[Served]:
    """The least Flet app, hosted as Kierto is."""
    return _server(["-m", "tests.bench.empty"], ROOT)


def demo_app(folder: Path) -> AbstractAsyncContextManager[Served]:
    """`python main.py` with the demo programme: database, API and app in one process."""
    return _server(["main.py"], ROOT, KIERTO_DATA_DIR=str(folder), KIERTO_DEMO="true", KIERTO_PORT="0")


def demo_api(folder: Path) -> AbstractAsyncContextManager[Served]:
    """`python -m api serve` with the demo programme and a database of its own."""
    return _server(["-m", "api", "serve"], ROOT, KIERTO_DATA_DIR=str(folder), KIERTO_DEMO="true", KIERTO_PORT="0")


def client_app(folder: Path, api_url: str) -> AbstractAsyncContextManager[Served]:
    """`python main.py` as a client of an API elsewhere: it draws screens and does nothing else."""
    return _server(
        ["main.py"], ROOT, KIERTO_API_URL=api_url, KIERTO_DATA_DIR=str(folder), KIERTO_DEMO="true", KIERTO_PORT="0"
    )


@asynccontextmanager
async def _server(command: list[str], root: Path, **environment: str) -> AsyncIterator[Served]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KIERTO_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-u",
        *command,
        cwd=root,
        env={**kept, **environment, "PYTHONPATH": str(root)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60):
            said = (await process.stdout.readline()).decode()
        found = re.search(r"(http://[\d.]+:\d+)", said)
        if found is None:
            raise RuntimeError(f"{command} did not start: {said}")
        await _until_it_answers(found.group(1))
        yield Served(found.group(1), process.pid)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()


async def _until_it_answers(url: str) -> None:
    address = urlsplit(url)
    async with asyncio.timeout(60):
        while True:
            try:
                reader, writer = await asyncio.open_connection(address.hostname, address.port)
                writer.write(b"GET /v1/health HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")
                answered = await reader.read(12)
                writer.close()
            except ConnectionError:
                answered = b""
            if answered:
                return
            await asyncio.sleep(0.1)


async def pgbench(dsn: str, *options: str) -> str:
    """Run pgbench against a database; what it printed."""
    address = urlsplit(dsn)
    place = parse_qs(address.query)
    process = await asyncio.create_subprocess_exec(
        installed_programs() / "pgbench",
        *("-h", place["host"][0], "-p", place["port"][0], "-U", address.username or "", *options),
        address.path.lstrip("/"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said = (await process.communicate())[0].decode()
    if process.returncode:
        raise RuntimeError(f"pgbench: {said}")
    return said
