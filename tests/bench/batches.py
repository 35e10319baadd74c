"""Receipts that a till has queued, a hundred to a request."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.bench.chain import Chain, make_chain, number_id
from tests.bench.figures import Figure, measure
from tests.bench.load import request
from tests.bench.pairs import in_turns
from tests.bench.servers import CLIENTS, api_server
from tests.bench.stage import Stage

_EACH = 100
_BATCHES = 2_400


@measure("batches")
async def batches(stage: Stage) -> list[Figure]:
    """POST /v1/till/batches, each receipt of another member by identification; counted in receipts."""
    tpcb = await stage.tpcb()
    async with stage.database("batches") as connections:
        chain = await make_chain(connections)
        await chain.scan(0, _BATCHES * _EACH - 1)
        async with api_server(connections.owner_dsn) as served:
            turn = stage.http(served, _requests(chain), each=_EACH)
            pair = await in_turns(turn, tpcb, stage.rounds)
    return [
        Figure(f"receipts in batches of {_EACH}", pair.rate, "x TPC-B", 4.0, 6.5, note=pair.note()),
        Figure(f"receipts in batches of {_EACH}, by processor time", pair.cpu, "x TPC-B"),
    ]


def _requests(chain: Chain) -> Iterator[bytes]:
    """One batch after the other; a till's own identifications lie eight apart.

    Filled into a form: the client shares the processors, and is not what is measured.
    """
    form = json.dumps({"key": "%s", "purchase": {**chain.basket("%s"), "identification": "%s"}}).encode()
    for batch in range(_BATCHES):
        till, round_ = batch % CLIENTS, batch // CLIENTS
        receipts = []
        for number in range(round_ * _EACH, (round_ + 1) * _EACH):
            identification = str(number_id("i", number * CLIENTS + till)).encode()
            receipts.append(form % (identification, b"B-%07d" % (number * CLIENTS + till), identification))
        body = b'{"receipts":[%s]}' % b",".join(receipts)
        yield request("POST", "/v1/till/batches", chain.till_headers(till), body)
