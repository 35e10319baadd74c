"""What is read on demand: whole, checked, and there again without a network."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from services.books import Books, LastVisit, Wanted, check, is_wallet
from services.clock import SystemClock
from services.errors import Offline
from services.gateway import Gateway
from services.keys import Keys
from services.periods import named, of_days
from services.remembered import Cache
from services.vault import MemoryVault
from tests.support import shopping

NOW = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)
ZONE = "America/Sao_Paulo"


class Reader:
    """The books of one member, over the API in process; `away` is the API being gone."""

    def __init__(self, app, cache: Cache, session) -> None:
        self.away = False
        self._app = httpx.ASGITransport(app=app)
        keys = Keys(MemoryVault())
        self.gateway = Gateway("http://kierto.test", keys, SystemClock(), transport=self, tries=1)
        self.books = Books(self.gateway, SystemClock(), lambda: cache)
        self.keys, self.session = keys, session

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.away:
            raise httpx.ConnectError("gone")
        return await self._app.handle_async_request(request)

    async def aclose(self) -> None: ...


@pytest.fixture
async def reader(app, database, programme, clock, make_member, sign_in_member, tmp_path):
    await shopping.publish(database, programme.programme_id, clock.now(), shopping.campaign())
    member = await make_member()
    for _ in range(3):
        await shopping.buy(database, member, clock.move(days=1), [shopping.line(10_000)])
    signed_in = await sign_in_member(member)
    cache = await Cache.open(tmp_path / "books.sqlite3")
    reader = Reader(app, cache, signed_in.session)
    await reader.keys.take(signed_in.session)
    yield reader
    await reader.gateway.close()
    await cache.close()


def month(clock):
    return of_days(clock.now().date().replace(day=1), clock.now().date(), ZONE)


async def test_a_statement_is_whole_adds_up_and_stays_without_a_network(reader, clock):
    told = await reader.books.fresh_statement(month(clock))
    assert [item.store for item in told.value.items] == ["Centro"] * 3
    assert check(told.value) == "adds_up"
    reader.away = True
    kept = await reader.books.kept_statement(month(clock))
    assert kept == told
    with pytest.raises(Offline):
        await reader.books.fresh_statement(month(clock))
    assert await reader.books.kept_statement(of_days(date(2020, 1, 1), date(2020, 1, 2), ZONE)) is None


async def test_a_statement_that_was_tampered_with_does_not_add_up(reader, clock):
    told = (await reader.books.fresh_statement(month(clock))).value
    first = told.items[0]
    more = first.model_copy(update={"amount": first.amount + first.amount})
    assert check(told.model_copy(update={"items": [more, *told.items[1:]]})) == "broken"
    assert check(told.model_copy(update={"items": told.items[1:]})) == "broken"
    assert check(told.model_copy(update={"next_cursor": "v9"})) == "cut"


async def test_the_last_line_is_the_wallet(reader, clock):
    told = (await reader.books.fresh_statement(month(clock))).value
    wallet = reader.session.member.wallet
    assert is_wallet(told, wallet)
    assert not is_wallet(told, wallet.model_copy(update={"available": wallet.available + wallet.available}))


async def test_files_months_terms_and_searches_come_and_what_can_be_kept_is(reader, clock):
    books = reader.books
    assert (await books.statement_file(month(clock), "pdf", "ru")).startswith(b"%PDF-")
    assert (await books.statement_file(month(clock), "csv", "en")).startswith(b"member_id,")
    months = await books.fresh_months()
    assert [each.purchases for each in months.value.items] == [3]
    terms = await books.fresh_terms("base@1", "aurora")
    assert len((await books.find_purchases(Wanted("centro bread"))).items) == 3
    assert (await books.find_purchases(Wanted(channel="web"))).items == []
    reader.away = True
    assert (await books.kept_months()).value == months.value
    assert (await books.kept_terms("base@1")).value == terms.value


async def test_the_last_visit_is_remembered(reader):
    assert await reader.books.last_visit() is None
    await reader.books.keep_visit(LastVisit(version=7, offers=["base"]))
    assert (await reader.books.last_visit()).version == 7


def test_months_and_years_are_those_of_the_programmes_clock():
    period = named("this_month", NOW, "Europe/Helsinki")
    assert (period.since.date(), period.last_day("Europe/Helsinki")) == (date(2026, 4, 1), date(2026, 4, 30))
    assert named("last_month", NOW, ZONE).since.date() == date(2026, 2, 1)
    assert named("last_month", NOW, ZONE).last_day(ZONE) == date(2026, 2, 28)
    year = named("this_year", NOW, ZONE)
    assert (year.since.date(), year.last_day(ZONE)) == (date(2026, 1, 1), date(2026, 12, 31))
    turned = of_days(date(2026, 3, 9), date(2026, 3, 1), ZONE)
    assert turned.until - turned.since == timedelta(days=9)
