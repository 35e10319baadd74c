"""Fills an empty database for demo mode: a programme with stores, staff and campaigns, and two shoppers with a past."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any

from fastapi import FastAPI

from api.campaigns import service as campaigns
from api.campaigns.service import VersionExists
from api.core.clock import Clock
from api.core.ids import new_id
from api.database.pool import Connection, Database
from api.demo.personas import PERSONAS, PROGRAMME, Persona
from api.demo.seed_campaigns import demo_campaigns, demo_ladder
from api.demo.seed_catalogue import fill_catalogue
from api.demo.seed_past import AGE, Demo, fill_past
from api.publishing import service as publishing
from api.settings import Settings
from api.sign_in import pins
from contract.sign_in import DemoPersona

NAME, CURRENCY, TIMEZONE = "Aurora Mercado", "BRL", "America/Sao_Paulo"
RULES = {
    "redeem_max_share_bp": 5_000,
    "spend_limit": 5_000,
    "confirm_above": 2_000,
    "offline": {"spend_per_member": 1_000, "spend_per_till": 20_000},
}
STORES = (("centro", "Centro", "store"), ("jardins", "Jardins", "store"), ("web", "Webshop", "web"))
_STAFF = {"1001": ("cashier", "2468"), "5001": ("supervisor", "1357"), "9001": ("manager", "8642")}


@asynccontextmanager
async def demo_data(app: FastAPI) -> AsyncIterator[None]:
    """For `create_app(beside=...)`: the demo's data is there before the first request, where demo mode is on."""
    if app.state.settings.is_demo:
        await ensure_demo(app.state.database, app.state.clock, app.state.settings)
    yield


async def ensure_demo(database: Database, clock: Clock, settings: Settings) -> list[DemoPersona]:
    """Fill the database, unless that was done before, or it holds a programme of someone's own. Who one may be.

    A start that was killed half-way is finished by the next one.
    """
    if not settings.is_demo:
        return []
    demo = await _programme(database, clock.now())
    if demo is not None and not await _is_filled(demo):
        await _fill(demo)
    return [DemoPersona(persona=each.persona, name=each.name, kind=each.kind, hint=each.hint) for each in PERSONAS]


async def _programme(database: Database, now: datetime) -> Demo | None:
    async with database.transaction() as connection:
        # two processes may start at once
        await connection.execute("select pg_advisory_xact_lock(hashtextextended('kierto demo', 0))")
        row = await connection.fetchrow("select programme_id, slug, created_at from programme order by created_at")
        if row is not None:
            return _unfinished(database, row, now)
        demo = Demo(database, new_id(now), TIMEZONE, now)
        await _insert_programme(connection, demo)
    return demo


def _unfinished(database: Database, row: Any, now: datetime) -> Demo | None:
    """The demo that an earlier start began, with the times of then."""
    then = row["created_at"] + AGE
    return Demo(database, row["programme_id"], TIMEZONE, then) if row["slug"] == PROGRAMME and then <= now else None


async def _insert_programme(connection: Connection, demo: Demo) -> None:
    await connection.execute(
        """insert into programme (programme_id, slug, name, currency, timezone, rules, epoch, created_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8)""",
        demo.programme_id,
        PROGRAMME,
        NAME,
        CURRENCY,
        TIMEZONE,
        RULES,
        new_id(demo.now),
        demo.began,
    )
    await connection.executemany(
        "insert into store (programme_id, store_id, name, channel) values ($1, $2, $3, $4)",
        [(demo.programme_id, *store) for store in STORES],
    )


async def _is_filled(demo: Demo) -> bool:
    """Whether the staff are there: they come last, so that nobody works in a shop that is half built."""
    found = await demo.database.fetchval("select count(*) from staff where programme_id = $1", demo.programme_id)
    return bool(found >= len(_STAFF))


async def _fill(demo: Demo) -> None:
    async with demo.database.connection() as connection:
        for version in demo_campaigns(demo.began, demo.now):
            with suppress(VersionExists):
                await campaigns.publish_campaign(connection, demo.programme_id, version, demo.began)
        if not (await publishing.ladder_list(connection, demo.programme_id)).items:
            await publishing.publish_ladder(connection, demo.programme_id, demo_ladder(demo.began), demo.began)
    await fill_past(demo)
    hashes = await asyncio.gather(*(asyncio.to_thread(pins.hash_pin, pin) for _, pin in _STAFF.values()))
    async with demo.database.transaction() as connection:
        await fill_catalogue(connection, demo.programme_id)
        for persona, (role, _), pin_hash in zip(_staff(), _STAFF.values(), hashes, strict=True):
            await connection.execute(
                """insert into staff (staff_id, programme_id, store_id, staff_number, name, role, pin_hash, all_stores)
                   values ($1, $2, $3, $4, $5, $6, $7, $6 = 'manager') on conflict do nothing""",
                demo.staff_id(persona.staff_number),
                demo.programme_id,
                persona.store_id,
                persona.staff_number,
                persona.name,
                role,
                pin_hash,
            )


def _staff() -> list[Persona]:
    return [persona for number in _STAFF for persona in PERSONAS if persona.staff_number == number]
