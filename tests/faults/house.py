"""A shop behind a running API: members, a till's session, and what the ledger says in the end."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from api.core.clock import SystemClock
from api.core.ids import new_id
from api.core.tokens import Tokens
from api.database.connections import Connections
from api.database.pool import Database
from api.ledger.verify import verify
from contract.reviews import SettingsBody
from tests.faults.serving import Serving
from tests.support import people, shopping
from tests.support.fixtures import SECRET_KEY
from tests.support.people import SignedIn, TestMember

_numbers = itertools.count(1)
_IDENTIFIED = """
insert into identification (identification_id, programme_id, member_id, session_id, can_spend, key, fingerprint,
                            created_at, expires_at)
select u.id, $3, u.member, $4, true, u.id::text, '', now(), now() + interval '2 hours'
  from unnest($1::uuid[], $2::uuid[]) u(id, member)
"""
UNLIMITED = SettingsBody(
    member_purchases_per_hour=0,
    member_purchases_per_day=0,
    cashier_purchases_per_hour=0,
    till_purchases_per_hour=0,
    same_pair_per_day=0,
    refunds_per_week=0,
)
"""A few members who buy hundreds of times are no suspicion here: what is held meanwhile could not be spent."""
_UNLIMITED = """
insert into programme_settings (programme_id, version, body, changed_by, changed_at)
values ($1, 1, $2, gen_random_uuid(), now())
"""


@dataclass(frozen=True)
class Sale:
    """What a till posts, with the key that every retry sends again."""

    body: dict[str, Any]
    key: str = field(default_factory=lambda: str(uuid4()))

    @property
    def number(self) -> str:
        return self.body["receipt_number"]


@dataclass
class House:
    """A shop whose API is a process of its own."""

    serving: Serving
    connections: Connections
    members: list[TestMember]
    till: SignedIn
    phones: list[SignedIn]

    @property
    def url(self) -> str:
        return self.serving.url

    @asynccontextmanager
    async def owner(self) -> AsyncIterator[asyncpg.Connection[Any]]:
        """The database as its owner sees it, whatever state the API is in."""
        connection = await asyncpg.connect(self.connections.owner_dsn, timeout=10)
        try:
            yield connection
        finally:
            await connection.close()

    async def sales(self, count: int, rng: random.Random, *, member: int | None = None, **more: Any) -> list[Sale]:
        """Baskets of members who were scanned just now: some spend, most only earn."""
        chosen = [self.members[member] if member is not None else rng.choice(self.members) for _ in range(count)]
        scanned = [uuid4() for _ in chosen]
        async with self.owner() as owner:
            await owner.execute(
                _IDENTIFIED, scanned, [m.member_id for m in chosen], chosen[0].programme_id, self.till.session_id
            )
        return [
            Sale(
                {
                    "store_id": "centro",
                    "at": datetime.now(UTC).isoformat(),
                    "receipt_number": f"F{next(_numbers)}",
                    "lines": [shopping.line(rng.randint(500, 5_000))],
                    "identification": str(each),
                    "redeem": rng.choice((0, 0, 0, 5)),
                    **more,
                }
            )
            for each in scanned
        ]

    async def posted(self, numbers: list[str]) -> dict[str, dict[str, Any]]:
        """What the ledger holds of these receipts, by number. Fails where one stands there twice."""
        async with self.owner() as owner:
            rows = await owner.fetch(
                """select receipt_number, purchase_id::text, earned, redeemed, refunds,
                          (select count(*) from ledger.refund r where r.purchase_id = p.purchase_id) as refunded
                     from ledger.purchase p where receipt_number = any($1)""",
                numbers,
            )
        found = {row["receipt_number"]: dict(row) for row in rows}
        assert len(rows) == len(found), "a receipt stands in the ledger twice"
        return found

    async def is_in_order(self) -> None:
        """Every balance is what its movements and lots say."""
        async with self.owner() as owner:
            verified = await verify(owner)  # type: ignore[arg-type]  # a connection outside a pool does the same
        assert not verified.findings, verified.findings

    async def wallet(self, member: TestMember) -> dict[str, Any]:
        async with self.owner() as owner:
            row = await owner.fetchrow("select * from ledger.wallet where member_id = $1", member.member_id)
        assert row is not None
        return dict(row)


class LastingTokens(Tokens):
    """Tokens that outlive a long run: the API reads when they end, and asks for nothing else."""

    def access(self, claims: dict[str, str | None], now: datetime) -> str:
        return super().access(claims, now + timedelta(hours=12))


@asynccontextmanager
async def open_house(serving: Serving, connections: Connections, members: int = 12) -> AsyncIterator[House]:
    """A programme with 5 % on everything, members with a phone each, and a till at Centro."""
    clock = SystemClock()
    database = await Database.open(connections, size=2)
    try:
        programme = await people.make_programme(database, clock)
        await shopping.publish(database, programme.programme_id, clock.now(), shopping.campaign())
        await database.execute(_UNLIMITED, programme.programme_id, UNLIMITED)
        key = SECRET_KEY.encode()
        state = SimpleNamespace(database=database, clock=clock, tokens=LastingTokens(key), signing_key=key)
        app = SimpleNamespace(state=state)
        made = [await people.make_member(database, clock, programme=programme) for _ in range(members)]
        till = await people.sign_in_staff(app, await people.make_staff(database, clock, programme=programme))
        phones = [await people.sign_in_member(app, member) for member in made]
    finally:
        await database.close()
    yield House(serving, connections, made, till, phones)


async def fill_with_due_lots(connections: Connections, wallets: int, lots: int) -> None:
    """So many members with lots that are due: all to be released, every third one expired as well."""
    now = datetime.now(UTC)
    then = now - timedelta(days=40)
    programme = new_id(now)
    owner = await asyncpg.connect(connections.owner_dsn)
    try:
        await owner.execute(
            "insert into programme (programme_id, slug, name, currency, timezone, epoch, created_at)"
            " values ($1, 'due', 'Due', 'BRL', 'America/Sao_Paulo', $1, now())",
            programme,
        )
        members = [uuid4() for _ in range(wallets)]
        await owner.execute(
            "select ledger.open_wallet(m, 'BRL', $2, $3) from unnest($1::uuid[]) m", members, programme, then
        )
        await owner.execute(_DUE, members, programme, then, now - timedelta(days=1), now - timedelta(hours=1), lots)
    finally:
        await owner.close()


_DUE = """
select ledger.post_purchase(null, null, null, null, null, null, m, gen_random_uuid(), $2, 'centro',
    'store', m::text, $3, 'import', null, null, 'BRL', 1000, 0, 0, 0, '{}', '{}',
    array_fill('BRL'::text, array[$6::integer]),
    (select array_agg('c' || n) from generate_series(1, $6) n), (select array_agg(1) from generate_series(1, $6) n),
    (select array_agg(10 * n)::bigint[] from generate_series(1, $6) n),
    (select array_agg($4::timestamptz) from generate_series(1, $6) n),
    (select array_agg(case when n % 3 = 0 then $5::timestamptz end) from generate_series(1, $6) n),
    (select array_agg(false) from generate_series(1, $6) n), null, $3)
  from unnest($1::uuid[]) m
"""


async def gather_all(*work: Any) -> list[Any]:
    """All of it at once; the first failure is raised after every part has ended."""
    results = await asyncio.gather(*work, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results


def ids(members: list[TestMember]) -> list[UUID]:
    return [member.member_id for member in members]
