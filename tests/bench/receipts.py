"""Receipts a second: one at a time over HTTP, and the ledger's function by itself, in units of pgbench's TPC-B."""

from __future__ import annotations

import itertools

from pydantic_core import to_json

from api.till.basket import stored
from tests.bench.chain import Chain, make_chain
from tests.bench.figures import Figure, measure
from tests.bench.pairs import Sample, Turn, in_turns
from tests.bench.servers import api_server
from tests.bench.stage import Stage

_SCANNED = 100_000
_SCRIPT = """\\set m random(0, :members - 1)
\\set n :n + 1
select posted_version from ledger.post_purchase('till/bench/centro', gen_random_uuid()::text, sha256(:basket::bytea), \
null, null, null, \
md5('m' || :m::text)::uuid, overlay(uuidv7()::text placing '0000' from 33)::uuid, \
md5('p' || :m::integer % :programmes::integer)::uuid, 'centro', 'store', \
'R-' || :run::text || '-' || :client_id::text || '-' || :n::text, :at::timestamptz, 'till', \
md5('t0')::uuid, md5('t0')::uuid, 'BRL', :total::bigint, 0, 0, 0, :basket::jsonb, :quote::jsonb, array['BRL'], \
array['base'], array[1], array[:earned::bigint], array[:at::timestamptz], \
array[nullif(:expires::text, 'infinity')::timestamptz], \
array[:budgeted::boolean], null, now());
"""
_runs = itertools.count()


def posting(stage: Stage, chain: Chain, *, budgeted: bool = False) -> Turn:
    """One turn of pgbench that posts receipts of random members, each with a key: as the API calls the ledger."""
    script = stage.folder / "post_purchase.sql"
    script.write_text(_SCRIPT)
    script.chmod(0o644)
    basket, quoted = chain.quoted()
    reward = quoted.rewards[0]
    named = {
        "n": 0,
        "members": chain.members,
        "programmes": chain.programmes,
        "at": basket.at.isoformat(),
        "total": basket.total,
        "basket": to_json(stored(basket)).decode(),
        "quote": to_json(quoted, exclude_none=True).decode(),
        "earned": reward.value.amount,
        "expires": reward.expires_at.isoformat() if reward.expires_at else "infinity",
        "budgeted": str(budgeted).lower(),
    }
    options = [f"-D{name}={value}" for name, value in named.items()]

    async def turn() -> Sample:
        run = f"-Drun={next(_runs)}"
        return await stage.pgbench(chain.connections.api_dsn, "-f", str(script), run, *options)()

    return turn


@measure("receipts")
async def single_receipts(stage: Stage) -> list[Figure]:
    """POST /v1/till/purchases by identification, signed in, three lines, one worker, eight tills."""
    tpcb = await stage.tpcb()
    async with stage.database("receipts") as connections:
        chain = await make_chain(connections)
        await chain.scan(0, _SCANNED - 1)
        async with api_server(connections.owner_dsn) as served:
            requests = chain.receipts(0, _SCANNED - 1)
            pair = await in_turns(stage.http(served, requests, status=201), tpcb, stage.rounds)
    return [
        Figure("receipts over HTTP, one at a time", pair.rate, "x TPC-B", 0.35, 0.5, note=pair.note()),
        Figure("receipts over HTTP, by processor time", pair.cpu, "x TPC-B"),
    ]


@measure("accrual")
async def accrual(stage: Stage) -> list[Figure]:
    """ledger.post_purchase with keys, called by pgbench as the API calls it: as a prepared statement."""
    tpcb = await stage.tpcb()
    async with stage.database("accrual") as connections:
        chain = await make_chain(connections)
        pair = await in_turns(posting(stage, chain), tpcb, stage.rounds)
    return [
        Figure("the accrual function", pair.rate, "x TPC-B", 1.0, 1.1, note=pair.note()),
        Figure("the accrual function, by processor time", pair.cpu, "x TPC-B"),
    ]
