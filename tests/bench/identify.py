"""Finding a member at the till by a phone number: among a million, beside among a thousand."""

from __future__ import annotations

import itertools
import json
import random
import uuid
from collections.abc import Iterator

from tests.bench.chain import Chain, make_chain
from tests.bench.figures import Figure, measure
from tests.bench.load import request
from tests.bench.pairs import in_turns
from tests.bench.servers import api_server
from tests.bench.stage import Stage, execute

_FEW, _MANY, _QUICK = 1_000, 1_000_000, 20_000
_CONTACTS = (
    "update member set phone = '+55' || member_number",
    """insert into member_contact (programme_id, contact, member_id)
       select programme_id, '+55' || member_number, member_id from member""",
    """insert into member_number (member_number, programme_id, member_id)
       select member_number, programme_id, member_id from member""",
    "vacuum analyze member, member_contact, member_number, ledger.wallet",
    "checkpoint",
)


@measure("identify")
async def identify_by_phone(stage: Stage) -> list[Figure]:
    """POST /v1/till/identify with a contact, of random members of a million, and of a thousand."""
    many = _QUICK if stage.quick else _MANY
    async with stage.database("few") as small, stage.database("many") as large:
        chains = [await make_chain(small, members=_FEW), await make_chain(large, members=many)]
        for chain in chains:
            await execute(chain.connections.owner_dsn, *_CONTACTS)
        async with api_server(large.owner_dsn) as among_many, api_server(small.owner_dsn) as among_few:
            ours = stage.http(among_many, _asking(chains[1]))
            other = stage.http(among_few, _asking(chains[0]))
            pair = await in_turns(ours, other, stage.rounds)
    note = pair.note(f"{many:,} members", f"{_FEW:,}")
    return [
        Figure(f"identify by phone among {many:,}", pair.rate, f"x among {_FEW:,}", 0.8, 0.95, note=note),
        Figure(f"identify by phone among {many:,}, by processor time", pair.cpu, f"x among {_FEW:,}"),
    ]


def _asking(chain: Chain) -> Iterator[bytes]:
    """Requests for random members, each with a key of its own, from the tills in turn."""
    chosen = random.Random(1)  # noqa: S311 - the same members in each run
    heads = [chain.till_headers(till) for till in range(chain.tills)]
    for number in itertools.count():
        body = json.dumps({"contact": f"+55{chosen.randrange(chain.members):010d}"}).encode()
        headers = {**heads[number % len(heads)], "Idempotency-Key": str(uuid.uuid4())}
        yield request("POST", "/v1/till/identify", headers, body)
