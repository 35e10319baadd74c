"""Programmes, members and staff for tests, made by the product's own code, and their sessions."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from api.core.clock import Clock
from api.core.ids import new_id
from api.core.tokens import Tokens
from api.database.pool import Database
from api.sign_in import members, pins, sessions
from api.sign_in.answers import session_answer
from contract.sign_in import Session

_numbers = itertools.count(1001)
_PIN_HASHES: dict[str, str] = {}


@dataclass(frozen=True)
class TestProgramme:
    """A chain with the stores `centro`, `jardins` and `web`."""

    __test__ = False
    programme_id: UUID
    slug: str
    currency: str = "BRL"


@dataclass(frozen=True)
class TestMember:
    __test__ = False
    member_id: UUID
    programme_id: UUID
    member_number: str
    contact: str
    name: str


@dataclass(frozen=True)
class TestStaff:
    __test__ = False
    staff_id: UUID
    programme_id: UUID
    store_id: str
    staff_number: str
    pin: str
    role: str


@dataclass(frozen=True)
class SignedIn:
    """Somebody signed in: the tokens, and the headers to send."""

    session: Session
    session_id: UUID
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def access_token(self) -> str:
        return self.session.access_token

    @property
    def refresh_token(self) -> str:
        return self.session.refresh_token

    @property
    def code_secret(self) -> str:
        assert self.session.code_secret is not None
        return self.session.code_secret.secret


async def make_programme(
    database: Database, clock: Clock, *, slug: str = "aurora", rules: dict[str, Any] | None = None
) -> TestProgramme:
    """A programme with its stores, or the one that is there already."""
    found = await database.fetchval("select programme_id from programme where slug = $1", slug)
    if found is not None:
        return TestProgramme(found, slug)
    programme_id = new_id(clock.now())
    async with database.transaction() as connection:
        await connection.execute(
            "insert into programme (programme_id, slug, name, currency, timezone, rules, epoch, created_at)"
            " values ($1, $2, 'Aurora Mercado', 'BRL', 'America/Sao_Paulo', $3, $4, $5)",
            programme_id,
            slug,
            rules or {},
            new_id(clock.now()),
            clock.now(),
        )
        stores = [("centro", "Centro", "store"), ("jardins", "Jardins", "store"), ("web", "Webshop", "web")]
        await connection.executemany(
            "insert into store (programme_id, store_id, name, channel) values ($1, $2, $3, $4)",
            [(programme_id, *store) for store in stores],
        )
    return TestProgramme(programme_id, slug)


async def make_member(
    database: Database,
    clock: Clock,
    *,
    contact: str | None = None,
    name: str = "Ana Souza",
    language: str = "en",
    programme: TestProgramme | None = None,
) -> TestMember:
    """A member with an empty wallet."""
    programme = programme or await make_programme(database, clock)
    contact = contact or f"member{next(_numbers)}@example.com"
    async with database.transaction() as connection:
        member_id = await members.join(
            connection, programme.programme_id, contact, clock.now(), language=language, name=name
        )
        number = await connection.fetchval("select member_number from member where member_id = $1", member_id)
    return TestMember(member_id, programme.programme_id, number, contact, name)


async def make_staff(
    database: Database,
    clock: Clock,
    *,
    store_id: str = "centro",
    role: str = "cashier",
    staff_number: str | None = None,
    pin: str = "2468",
    name: str = "Leo",
    programme: TestProgramme | None = None,
) -> TestStaff:
    """A member of staff of one store."""
    programme = programme or await make_programme(database, clock)
    staff_number = staff_number or str(next(_numbers))
    staff_id = new_id(clock.now())
    pin_hash = _PIN_HASHES.get(pin) or _PIN_HASHES.setdefault(pin, pins.hash_pin(pin))
    await database.execute(
        "insert into staff (staff_id, programme_id, store_id, staff_number, name, role, pin_hash)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        staff_id,
        programme.programme_id,
        store_id,
        staff_number,
        name,
        role,
        pin_hash,
    )
    return TestStaff(staff_id, programme.programme_id, store_id, staff_number, pin, role)


async def sign_in_member(app: Any, member: TestMember, *, device_name: str = "test") -> SignedIn:
    """A session for a member, as signing in with a code gives."""
    return await _signed_in(app, member, device_name)


async def sign_in_staff(app: Any, staff: TestStaff, *, device_name: str = "till") -> SignedIn:
    """A session for a member of staff, as signing in with a PIN gives."""
    return await _signed_in(app, staff, device_name)


async def _signed_in(app: Any, who: TestMember | TestStaff, device_name: str) -> SignedIn:
    tokens: Tokens = app.state.tokens
    now = app.state.clock.now()
    async with app.state.database.transaction() as connection:
        if isinstance(who, TestMember):
            opened = await sessions.open_member(connection, tokens, who.programme_id, who.member_id, device_name, now)
        else:
            opened = await sessions.open_staff(
                connection, tokens, who.programme_id, who.staff_id, who.store_id, who.role, device_name, now
            )
        session = await session_answer(connection, opened, tokens, app.state.signing_key, now)
    return SignedIn(session, opened.session.session_id, {"Authorization": f"Bearer {session.access_token}"})
