"""Chains with members, wallets and tills, in bulk: what receipts are posted to."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg

from api.campaigns import service as campaigns
from api.core.security import MemberSession, StaffSession, claims_of
from api.core.tokens import Tokens
from api.database.connections import Connections
from api.database.pool import Database
from contract.basket import Basket
from contract.campaigns import CampaignVersion, ProgrammeRules
from contract.facts import MemberFacts
from contract.quotes import Quote
from contract.rules import quote
from tests.bench.load import request
from tests.bench.servers import CLIENTS, SECRET_KEY
from tests.bench.stage import execute
from tests.support.shopping import campaign

_LINES = [
    {"sku": "7891000100103", "name": "Bread", "category": "bakery", "unit_price": 1290},
    {"sku": "7891000200110", "name": "Bananas", "category": "food/fruit", "unit_price": 599, "quantity": 2},
    {"sku": "7891000300127", "name": "Orange juice", "category": "drinks", "unit_price": 899, "discount": 100},
]
_CHAIN = (
    """insert into programme (programme_id, slug, name, currency, timezone, epoch, created_at)
       select md5('p' || n)::uuid, 'chain-' || n, 'Chain ' || n, 'BRL', 'America/Sao_Paulo', uuidv7(), now()
         from generate_series(0, $1 - 1) n""",
    """insert into store (programme_id, store_id, name, channel)
       select md5('p' || n)::uuid, 'centro', 'Centro', 'store' from generate_series(0, $1 - 1) n""",
    # eight tills that post thousands an hour are no suspicion here
    """insert into programme_settings (programme_id, version, body, changed_by, changed_at)
       select md5('p' || n)::uuid, 1, '{"member_purchases_per_hour": 0, "member_purchases_per_day": 0,
              "cashier_purchases_per_hour": 0, "till_purchases_per_hour": 0, "same_pair_per_day": 0}',
              md5('t0')::uuid, now()
         from generate_series(0, $1 - 1) n""",
)
_MEMBERS = (
    """insert into member (member_id, programme_id, member_number, name, joined_at)
       select md5('m' || n)::uuid, md5('p' || n % $1)::uuid, lpad(n::text, 10, '0'), 'Ana Souza', now()
         from generate_series(0, $2 - 1) n""",
    """insert into ledger.wallet (member_id, unit, programme_id, updated_at)
       select member_id, 'BRL', programme_id, now() from member""",
)
_TILL = """
    with at as (insert into staff (staff_id, programme_id, store_id, staff_number, name, role, pin_hash)
                values ($1, $2, 'centro', $3, 'Leo', 'cashier', '') returning *)
    insert into session (session_id, programme_id, kind, staff_id, store_id, refresh_hash, created_at, last_seen_at,
                         expires_at)
    select staff_id, programme_id, 'staff', staff_id, store_id, '', now(), now(), now() + interval '1 day' from at"""
_SCANNED = """
    insert into identification (identification_id, programme_id, member_id, session_id, can_spend, key, fingerprint,
                                created_at, expires_at)
    select md5('i' || n)::uuid, $1, md5('m' || floor(random() * $2)::integer)::uuid, md5('t' || n % $3)::uuid, true,
           n::text, '', now(), now() + interval '1 day'
      from generate_series($4::integer, $5::integer) n"""


def number_id(kind: str, number: int) -> UUID:
    """The id that the chain's SQL gives the n-th programme (`p`), member (`m`), till (`t`) or identification (`i`)."""
    return UUID(hashlib.md5(f"{kind}{number}".encode(), usedforsecurity=False).hexdigest())


@dataclass(frozen=True)
class Chain:
    """One or more programmes in a database; members belong to them in turn."""

    connections: Connections
    programmes: int
    members: int
    at: datetime
    tills: int = CLIENTS

    def basket(self, receipt_number: str = "R-1") -> dict[str, Any]:
        """A basket of three lines, as a till sends it."""
        return {"store_id": "centro", "at": self.at.isoformat(), "receipt_number": receipt_number, "lines": _LINES}

    def quoted(self) -> tuple[Basket, Quote]:
        """The basket as the ledger takes it, with what the rules make of it."""
        basket = Basket.model_validate_json(json.dumps(self.basket()))
        rules = ProgrammeRules(currency="BRL", timezone="America/Sao_Paulo")
        return basket, quote(basket, MemberFacts(), [offer()], basket.at, rules)

    def till_headers(self, till: int) -> dict[str, str]:
        """What proves that a request comes from the n-th till of the first programme."""
        session = number_id("t", till)
        return bearer(StaffSession(session, number_id("p", 0), session, "centro", "cashier"), self.at)

    def member_headers(self, member: int) -> dict[str, str]:
        """What proves that a request comes from a device of the n-th member."""
        programme = number_id("p", member % self.programmes)
        return bearer(MemberSession(number_id("m", member), programme, number_id("s", member)), self.at)

    async def scan(self, first: int, last: int) -> None:
        """Have the tills, in turn, scan members: the identifications of these numbers, each good for one receipt."""
        await execute(
            self.connections.owner_dsn,
            _SCANNED,
            arguments=(number_id("p", 0), self.members, self.tills, first, last),
        )

    def receipts(self, first: int, last: int) -> Iterator[bytes]:
        """Requests that post one receipt each, for the identifications of these numbers, from the tills in turn."""
        heads = [{**self.till_headers(till), "Idempotency-Key": "%s"} for till in range(self.tills)]
        body = json.dumps({**self.basket("%s"), "identification": "%s"}).encode()
        key = 36
        for number in range(first, last + 1):
            identification = str(number_id("i", number)).encode()
            filled = body % (b"R-%07d" % number, identification)
            head = request("POST", "/v1/till/purchases", heads[number % self.tills], filled)
            assert len(identification) == key
            yield head.replace(b"Idempotency-Key: %s", b"Idempotency-Key: " + identification, 1)


def offer(**terms: Any) -> CampaignVersion:
    """The chain's one campaign: five percent of everything, available at once."""
    return campaign(when={"starts_at": "2020-01-01T00:00:00Z"}, **terms)


async def make_chain(
    connections: Connections, *, programmes: int = 1, members: int = 20_000, tills: int = CLIENTS
) -> Chain:
    """Fill a fresh database: programmes with a store each, members with empty wallets, tills, one campaign."""
    connection = await asyncpg.connect(connections.owner_dsn)
    try:
        for statement in _CHAIN:
            await connection.execute(statement, programmes)
        await connection.execute(_MEMBERS[0], programmes, members)
        await connection.execute(_MEMBERS[1])
        for till in range(tills):
            await connection.execute(_TILL, number_id("t", till), number_id("p", 0), str(1000 + till))
        await connection.execute("vacuum analyze")
        await connection.execute("checkpoint")
    finally:
        await connection.close()
    now = datetime.now(UTC)
    database = await Database.open(connections)
    try:
        async with database.connection() as api:
            await campaigns.publish_campaign(api, number_id("p", 0), offer(), now)
    finally:
        await database.close()
    return Chain(connections, programmes, members, now, tills)


def bearer(session: MemberSession | StaffSession, now: datetime) -> dict[str, str]:
    return {"Authorization": f"Bearer {Tokens(SECRET_KEY.encode()).access(claims_of(session), now)}"}


def endless(*requests: bytes) -> Iterator[bytes]:
    """These requests, again and again."""
    return itertools.cycle(requests)
