"""Fixtures for what runs against the API on a real PostgreSQL. `tests/conftest.py` brings them to all tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.database.connections import Connections
from api.database.embedded import EmbeddedPostgres
from api.database.pool import Database
from api.settings import Settings, load_settings
from tests.support import people, postgres
from tests.support.clock import MovableClock

SECRET_KEY = "a key of tests, long enough to sign with"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[EmbeddedPostgres]:
    """One PostgreSQL for the whole run."""
    with postgres.test_server() as server:
        yield server


@pytest.fixture
def clock() -> MovableClock:
    """Tuesday 10 March 2026, noon in São Paulo; `clock.move(minutes=1)`."""
    return MovableClock()


@pytest.fixture
async def connections(postgres_server: EmbeddedPostgres) -> AsyncIterator[Connections]:
    """A fresh migrated database: how its owner and how the API connect."""
    async with postgres.fresh_database(postgres_server) as fresh:
        yield fresh


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Demo mode, so that mail stays in the inbox `app.state.mail.mails`; the jobs run when a test calls them."""
    return load_settings(_env_file=None, data_dir=tmp_path, demo="true", jobs="false", secret_key=SECRET_KEY)


@pytest.fixture
async def app(settings: Settings, connections: Connections, clock: MovableClock) -> AsyncIterator[FastAPI]:
    """The API, running on the fresh database."""
    app = create_app(settings, clock=clock, connections=connections)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def database(app: FastAPI) -> Database:
    """The API's own database: it connects as `kierto_api`."""
    return app.state.database


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the API, in process."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://kierto.test") as client:
        yield client


@pytest.fixture
async def programme(database: Database, clock: MovableClock) -> people.TestProgramme:
    """The programme `aurora` with the stores `centro`, `jardins`, `web`."""
    return await people.make_programme(database, clock)


@pytest.fixture
def make_member(database: Database, clock: MovableClock):
    """`await make_member(contact=.., name=.., language=.., programme=..)` gives a TestMember."""
    return partial(people.make_member, database, clock)


@pytest.fixture
def make_staff(database: Database, clock: MovableClock):
    """`await make_staff(store_id=.., role=.., staff_number=.., pin=.., programme=..)` gives a TestStaff."""
    return partial(people.make_staff, database, clock)


@pytest.fixture
def sign_in_member(app: FastAPI):
    """`await sign_in_member(member)` gives a SignedIn with `.headers`, `.access_token`, `.code_secret`."""
    return partial(people.sign_in_member, app)


@pytest.fixture
def sign_in_staff(app: FastAPI):
    """`await sign_in_staff(staff)` gives a SignedIn with `.headers`."""
    return partial(people.sign_in_staff, app)
