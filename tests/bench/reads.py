"""What an open app asks for: news when there are none, and the wallet, however long its history."""

from __future__ import annotations

import asyncio
import json
from urllib.parse import urlsplit

from tests.bench.chain import Chain, endless, make_chain, number_id
from tests.bench.figures import Figure, measure
from tests.bench.load import request
from tests.bench.pairs import in_turns
from tests.bench.servers import Served, api_server, bare_server
from tests.bench.stage import Stage, execute

_ASKING = 200
_LONG, _SHORT = 10_000, 10
_HISTORY = """
    select count(ledger.post_purchase(null, null, null, null, null, null, $1::uuid, uuidv7(), $2::uuid, 'centro',
                                      'store', $1::text || '-' || n, $3::timestamptz, 'import', null, null, 'BRL', 1000,
                                      0, 0, 0, '{"lines": []}', '{"lines": [], "rewards": []}', array['BRL'],
                                      array['base'], array[1],
                                      array[50]::bigint[], array[$3::timestamptz], array[null]::timestamptz[],
                                      array[false], null, $3::timestamptz))
      from generate_series($4::integer, $5::integer) n"""


@measure("changes")
async def nothing_new(stage: Stage) -> list[Figure]:
    """GET /v1/me/changes with a cursor that is up to date, beside the least FastAPI endpoint with a response model."""
    async with stage.database("changes") as connections:
        chain = await make_chain(connections)
        async with api_server(connections.owner_dsn) as served, bare_server() as bare:
            asking = [await _up_to_date(served, chain, member) for member in range(_ASKING)]
            ours = stage.http(served, endless(*asking))
            other = stage.http(bare, endless(request("GET", "/v1/bare", {})))
            pair = await in_turns(ours, other, stage.rounds)
    note = pair.note(other="bare")
    return [
        Figure("changes with nothing new", pair.rate, "x bare endpoint", 0.35, 0.4, note=note),
        Figure("changes with nothing new, by processor time", pair.cpu, "x bare endpoint"),
    ]


@measure("wallet")
async def long_history(stage: Stage) -> list[Figure]:
    """GET /v1/me of a member with 10,000 movements, beside that of one with 10."""
    async with stage.database("wallet") as connections:
        chain = await make_chain(connections, members=1_000)
        for member, movements in ((0, _LONG), (1, _SHORT)):
            for first in range(0, movements, 250):
                last = min(first + 250, movements) - 1
                history = (number_id("m", member), number_id("p", 0), chain.at, first, last)
                await execute(connections.owner_dsn, _HISTORY, arguments=history)
        await execute(connections.owner_dsn, "vacuum analyze")
        async with api_server(connections.owner_dsn) as served:
            turns = [
                stage.http(served, endless(request("GET", "/v1/me", chain.member_headers(member)))) for member in (1, 0)
            ]
            pair = await in_turns(turns[0], turns[1], stage.rounds)
    note = pair.note(f"{_SHORT} movements", f"{_LONG:,}")
    return [
        Figure("reading a long wallet, time", pair.rate, f"x a wallet of {_SHORT}", 1.2, 1.0, "less", note),
        Figure("reading a long wallet, processor time", 1 / pair.cpu, f"x a wallet of {_SHORT}", better="less"),
    ]


async def _up_to_date(served: Served, chain: Chain, member: int) -> bytes:
    """The request of a member's device that has all there is."""
    headers = chain.member_headers(member)
    address = urlsplit(served.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(request("GET", "/v1/me/changes", {**headers, "Connection": "close"}))
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    if b" 200 " not in head[:20]:
        raise RuntimeError(f"{head!r} {body!r}")
    return request("GET", f"/v1/me/changes?since={json.loads(body)['cursor']}", headers)
