"""What 200 open tabs cost the process that draws them, on Flet's wire protocol; the API is another process."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import httpx
import msgpack  # type: ignore[import-untyped]
import websockets

from contract.members import Profile
from contract.sign_in import Session
from services.keys import Keys
from tests.bench.chain import Chain, make_chain, number_id
from tests.bench.figures import Figure, measure
from tests.bench.load import drive
from tests.bench.pairs import cpu_seconds
from tests.bench.servers import Served, api_server, client_app
from tests.bench.stage import Stage, execute
from views.storage import PREFIX

_TABS, _FEW, _WARM = 200, 20, 2
_HISTORY = 20
"""Purchases that each member has made before."""
_TOTAL = "32.87"
"""What the chain's basket comes to, as the app writes it."""
_SETTLE = 5.0
_REGISTER, _PATCH, _INVOKED = 1, 2, 5
_PATIENCE = 120
_PAGE = {"route": "/", "width": 390, "height": 844, "web": True, "platform": "android", "platform_brightness": "light"}
_SCANNED = """
    insert into identification (identification_id, programme_id, member_id, session_id, can_spend, key, fingerprint,
                                created_at, expires_at)
    select md5('i' || n)::uuid, $1, md5('m' || n % $2)::uuid, $3, true, n::text, '', now(), now() + interval '1 day'
      from generate_series($4::integer, $5::integer) n"""


class Tab:
    """A browser tab reduced to its websocket, with preferences of its own."""

    def __init__(self, preferences: dict[str, str]) -> None:
        self._preferences = preferences
        self._changed = asyncio.Event()
        self._said: list[bytes] = []

    async def open(self, url: str) -> None:
        """Register; from then on answer what the app asks of its browser."""
        address = url.replace("http", "ws", 1) + "/ws"
        self._socket = await websockets.connect(address, max_size=None, compression=None)
        await self._send(_REGISTER, {"session_id": "", "page_name": "", "page": _PAGE})
        self._reading = asyncio.create_task(self._read())

    async def shows(self, text: str) -> None:
        """Wait until a message holds this text; forget what came before it."""
        wanted = text.encode()
        async with asyncio.timeout(_PATIENCE):
            while not any(wanted in said for said in self._said):
                self._changed.clear()
                await self._changed.wait()
        self._said.clear()

    async def close(self) -> None:
        """Close the tab."""
        await self._socket.close()
        await self._reading

    async def _read(self) -> None:
        async for message in self._socket:
            assert isinstance(message, bytes)
            action, body = msgpack.unpackb(message[1:], strict_map_key=False)
            if action == _INVOKED:
                await self._answer(body)
            elif action in {_REGISTER, _PATCH}:
                self._said.append(message)
                self._changed.set()

    async def _answer(self, asked: dict[str, Any]) -> None:
        args = asked.get("args") or {}
        result: Any = None
        if asked["name"] == "get":
            result = self._preferences.get(args["key"])
        elif asked["name"] == "set":
            self._preferences[args["key"]] = args["value"]
            result = True
        done = {"control_id": asked["control_id"], "call_id": asked["call_id"], "result": result, "error": None}
        await self._send(_INVOKED, done)

    async def _send(self, action: int, body: dict[str, Any]) -> None:
        await self._socket.send(b"\x00" + msgpack.packb([action, body]))


class Preferences:
    """A vault whose content a tab then finds in its browser."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    async def get(self, key: str) -> str | None:
        return self.kept.get(PREFIX + key)

    async def set(self, key: str, value: str) -> None:
        self.kept[PREFIX + key] = value

    async def delete(self, key: str) -> None:
        self.kept.pop(PREFIX + key, None)


@measure("tabs")
async def open_tabs(stage: Stage) -> list[Figure]:
    """Opening 200 tabs of as many members, holding them, and showing each a purchase of its own."""
    count = _FEW if stage.quick else _TABS
    async with stage.database("tabs") as connections:
        chain = await make_chain(connections, members=count + _WARM, tills=1)
        async with api_server(connections.owner_dsn) as api, client_app(stage.folder / "tabs", api.url) as app:
            for visit in range(_HISTORY):
                await _shopping(chain, api, visit)
            async with httpx.AsyncClient(base_url=api.url, timeout=_PATIENCE) as http:
                warm = [await _open(http, app, chain, member) for member in range(count, count + _WARM)]
                before = _resident(app.pid), cpu_seconds([app.pid])
                tabs = [await _open(http, app, chain, member) for member in range(count)]
                opened = _resident(app.pid), cpu_seconds([app.pid])
            await asyncio.sleep(_SETTLE)
            calm = cpu_seconds([app.pid])
            await asyncio.sleep(_SETTLE)
            begun = cpu_seconds([app.pid])
            began = time.perf_counter()
            await asyncio.gather(_shopping(chain, api, _HISTORY), *(tab.shows(_TOTAL) for tab in tabs))
            took = time.perf_counter() - began
            await asyncio.sleep(_SETTLE)
            spent = cpu_seconds([app.pid]) - begun
            for tab in [*warm, *tabs]:
                await tab.close()
    note = f"{count} purchases of {count} members, all shown within {took:,.1f} s"
    return [
        Figure("memory of an open tab", (opened[0] - before[0]) / count / 1024, "KB", better="less"),
        Figure("processor time to open a tab", (opened[1] - before[1]) / count * 1e3, "ms", better="less"),
        Figure("processor time to show a purchase", spent / count * 1e3, "ms", better="less", note=note),
        Figure(f"{count} open tabs at rest", (begun - calm) / _SETTLE * 100, "% of a core", better="less"),
    ]


async def _open(http: httpx.AsyncClient, app: Served, chain: Chain, member: int) -> Tab:
    """A tab of a member who signed in on this browser before."""
    headers = chain.member_headers(member)
    profile = Profile.model_validate_json((await http.get("/v1/me", headers=headers)).raise_for_status().content)
    token = headers["Authorization"].removeprefix("Bearer ")
    session = Session(access_token=token, refresh_token=token, expires_in=900, kind="member", member=profile)
    vault = Preferences()
    await Keys(vault).take(session)
    tab = Tab(vault.kept)
    await tab.open(app.url)
    await tab.shows(_TOTAL)
    return tab


async def _shopping(chain: Chain, api: Served, visit: int) -> None:
    """One purchase of every member."""
    numbers = visit * chain.members, (visit + 1) * chain.members - 1
    scanned = (number_id("p", 0), chain.members, number_id("t", 0), *numbers)
    await execute(chain.connections.owner_dsn, _SCANNED, arguments=scanned)
    requests = chain.receipts(*numbers)
    done, _ = await drive(api.url, requests, status=201, clients=4, seconds=_PATIENCE)
    assert done == chain.members


def _resident(pid: int) -> int:
    """Bytes of memory that a process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096
