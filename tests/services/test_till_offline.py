"""A till whose API goes away: it sells on, promises only what is sure, and everything it confirmed is posted once."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path

import pytest

from contract import member_code
from contract.basket import BasketLine
from contract.errors import ErrorCode
from services.client import Client, ClientConfig, Timing
from services.errors import Refused
from services.offline_sales import OfflineQuote
from services.till import Draft, OfflineMember, OfflineReceipt
from services.vault import MemoryVault
from tests.services.conftest import DeviceClock, until
from tests.services.test_with_real_api import served
from tests.support import people, shopping

RULES = {"offline": {"spend_per_member": 300, "spend_per_till": 500, "queue": 4}}
TIMING = Timing(sync_every=30, poll_every=0.05, health_every=0.05, retry_first=0.01, retry_most=0.05)


class Store:
    """An API that comes and goes, a till and its cashiers, and a member with a phone."""

    def __init__(self, app, folder: Path, clock, member, phone) -> None:
        self.app, self.folder, self.api_clock, self.member, self.phone = app, folder, clock, member, phone
        self.clock, self.vault = DeviceClock(clock.now()), MemoryVault()
        self.port = 0
        self.clients: list[Client] = []
        self._serving = AsyncExitStack()

    async def open(self) -> None:
        self.port = await self._serving.enter_async_context(served(self.app, self.port))

    async def away(self) -> None:
        await self._serving.aclose()

    async def till(self) -> Client:
        config = ClientConfig(api_url=f"http://127.0.0.1:{self.port}", data_dir=self.folder, timing=TIMING)
        client = await Client.open(config, self.vault, device_id="till", clock=self.clock)
        self.clients.append(client)
        return client

    async def ready(self, number: str = "1001") -> Client:
        client = await self.till()
        await client.sign_in_with_pin("centro", number, "2468")
        await until(client, lambda state: state.till.kit_at is not None and state.connection == "online")
        return client

    async def without_api(self, client: Client) -> None:
        await self.away()
        await until(client, lambda state: state.connection == "offline")

    async def back(self, client: Client) -> None:
        await self.open()
        await until(client, lambda state: state.connection == "online" and not state.till.waiting)

    def code(self) -> str:
        """The next code of the member's phone."""
        self.move(seconds=31)
        step = member_code.step_at(self.clock.now().timestamp())
        return member_code.make(self.member.member_number, self.phone.code_secret, step).text

    def move(self, **by: float) -> None:
        self.clock.move(**by)
        self.api_clock.move(**by)

    def draft(self, found, price: int = 10_000) -> Draft:
        line = BasketLine(name="Bread", category="bakery", unit_price=price)
        return Draft(found.identification, found.member_name, "", (line,), self.clock.now())

    async def sell(self, client: Client, *, price: int = 10_000, redeem: int = 0):
        return await client.till.confirm(self.draft(await client.till.identify(self.code()), price), redeem)


@asynccontextmanager
async def opened(store: Store) -> AsyncIterator[Store]:
    await store.open()
    try:
        yield store
    finally:
        for client in store.clients:
            await client.close()
        await store.away()


@pytest.fixture
async def store(app, database, clock, tmp_path, make_member, make_staff, sign_in_member) -> AsyncIterator[Store]:
    programme = await people.make_programme(database, clock, rules=RULES)
    member = await make_member(programme=programme)
    for number in ("1001", "1002"):
        await make_staff(programme=programme, staff_number=number, pin="2468")
    maybe = shopping.campaign("gold", reward={"kind": "percent", "rate_bp": 200}, who=[{"kind": "first_purchase"}])
    await shopping.publish(database, programme.programme_id, clock.now(), shopping.campaign(), maybe)
    async with opened(Store(app, tmp_path, clock, member, await sign_in_member(member))) as made:
        yield made


async def purchases(database) -> list[tuple[int, int, int]]:
    rows = await database.fetch("select total, earned, redeemed from ledger.purchase order by at")
    return [tuple(row) for row in rows]


async def test_a_till_sells_on_without_its_api_and_posts_all_once_it_is_back(store, database):
    till = await store.ready()
    await store.without_api(till)
    found = await till.till.identify(store.code())
    assert isinstance(found, OfflineMember)
    quote = await till.till.quote(store.draft(found))
    assert isinstance(quote, OfflineQuote)
    assert (quote.quote.earned.amount, quote.more) == (500, True)  # 2 % more on a first purchase: who knows
    receipt = await till.till.confirm(store.draft(found), 0)
    assert isinstance(receipt, OfflineReceipt)
    assert (receipt.told.amount, receipt.more) == (500, True)
    await store.sell(till, price=2_000)
    assert till.state.till.waiting == 2
    assert await purchases(database) == []
    await store.back(till)
    assert await purchases(database) == [(10_000, 700, 0), (2_000, 100, 0)]
    items = await till.till.queue.items()
    assert [(item.state, item.is_problem) for item in items] == [("posted", False)] * 2
    assert (till.state.till.posted, till.state.till.problems) == (2, 0)
    await till.till.queue.see([item.receipt.key for item in items])
    assert till.state.till.posted == 0
    with closing(sqlite3.connect(next(store.folder.rglob("till-*.sqlite3")))) as book:
        assert store.member.member_number not in "".join(book.iterdump()), "what was read names nobody any more"


async def test_a_code_is_taken_once_and_a_malformed_one_never(store):
    till = await store.ready()
    await store.without_api(till)
    code = store.code()
    await till.till.identify(code)
    with pytest.raises(Refused) as again:
        await till.till.identify(code)
    with pytest.raises(Refused) as wrong:
        await till.till.identify(code[:-1] + str((int(code[-1]) + 1) % 10))
    assert (again.value.code, wrong.value.code) == (ErrorCode.CODE_USED, ErrorCode.CODE_MALFORMED)


async def test_spending_stops_at_the_limit_of_the_member_and_what_was_not_there_is_shown(store, database):
    till = await store.ready()
    await store.sell(till, price=2_000)  # earns 140
    await store.without_api(till)
    await store.sell(till, redeem=300)
    found = await till.till.identify(store.code())
    assert (await till.till.quote(store.draft(found))).may_spend.amount == 0
    with pytest.raises(Refused) as refused:
        await till.till.confirm(store.draft(found), 1)
    assert refused.value.code is ErrorCode.REDEEM_OVER_CAP
    await store.back(till)
    assert till.state.till.problems == 1
    problem = (await till.till.queue.items())[0]
    assert problem.is_problem
    assert problem.outcome.shortfall.amount == 300 - 140
    assert (await purchases(database))[1][2] == 140


async def test_who_was_named_before_the_network_went_spends_within_the_same_limits_and_so_do_all_of_a_till(store):
    till = await store.ready()
    await store.sell(till, price=100_000)  # earns enough
    found = await till.till.identify(store.code())
    assert (await till.till.quote(store.draft(found))).may_spend.amount > 300
    await store.without_api(till)
    assert till.state.till.spend_each.amount == 300
    offline = await till.till.quote(store.draft(found))
    assert (offline.may_spend.amount, offline.limit.amount) == (300, 300)
    with pytest.raises(Refused) as refused:
        await till.till.confirm(store.draft(found), 301)
    assert refused.value.code is ErrorCode.REDEEM_OVER_CAP
    assert await till.till.unfinished() is None, "nothing was sent, so nothing is in doubt"
    await till.till.confirm(store.draft(found), 300)
    again = await till.till.identify(store.code())
    assert again.most.amount == 0, "the same member by another code"
    assert till.state.till.spend_left.amount == 200


async def test_a_members_own_lower_limit_goes_with_her_when_the_network_goes(store, database):
    till = await store.ready()
    await store.sell(till, price=100_000)
    await database.execute("update member set spend_limit = 120 where member_id = $1", store.member.member_id)
    found = await till.till.identify(store.code())
    await store.without_api(till)
    draft = store.draft(found)
    assert (await till.till.quote(draft)).limit.amount == 120
    with pytest.raises(Refused):
        await till.till.confirm(draft, 121)
    assert (await till.till.confirm(draft, 120)).redeemed.amount == 120


async def test_the_same_sale_is_kept_once_however_often_it_is_confirmed(store, database):
    till = await store.ready()
    await store.without_api(till)
    draft = store.draft(await till.till.identify(store.code()))
    first = await till.till.confirm(draft, 0)
    await till.close()
    again = await store.till()
    await until(again, lambda state: state.till.waiting == 1)
    assert await again.till.confirm(draft, 0) == first
    with pytest.raises(Refused):
        await again.till.confirm(store.draft(OfflineMember(draft.identification, "", None), price=99), 0)
    await store.back(again)
    assert len(await purchases(database)) == 1


async def test_what_is_confirmed_outlives_a_sign_out_and_is_sent_by_whoever_comes_next(store, database):
    till = await store.ready()
    await store.without_api(till)
    await store.sell(till)
    await till.sign_out()
    assert till.state.kind == "signed_out"
    await store.open()
    await till.sign_in_with_pin("centro", "1002", "2468")
    await until(till, lambda state: state.till.posted == 1)
    assert await purchases(database) == [(10_000, 700, 0)]
    assert await database.fetchval("select sent_by <> key_id from queued_receipt")


async def test_a_confirm_without_an_answer_goes_into_the_queue_by_the_same_key(store, database):
    till = await store.ready()
    draft = store.draft(await till.till.identify(store.code()))
    await store.away()
    receipt = await till.till.confirm(draft, 0)
    assert isinstance(receipt, OfflineReceipt)
    assert await till.till.unfinished() is None
    await store.back(till)
    assert await purchases(database) == [(10_000, 700, 0)]


async def test_a_kit_that_is_too_old_sells_nothing_and_a_full_queue_takes_no_more(store):
    till = await store.ready()
    await store.without_api(till)
    for _ in range(4):
        await store.sell(till)
    with pytest.raises(Refused) as full:
        await store.sell(till)
    store.move(hours=73)
    with pytest.raises(Refused) as old:
        await till.till.identify(store.code())
    assert (full.value.code, old.value.code) == (ErrorCode.QUEUE_FULL, ErrorCode.KIT_TOO_OLD)


async def test_a_clock_that_turns_out_wrong_is_set_right_when_the_queue_is_sent(store, database):
    till = await store.ready()
    await store.without_api(till)
    code = store.code()
    store.clock.move(hours=-3)
    await till.till.confirm(store.draft(await till.till.identify(code)), 0)
    till._gateway.skew = timedelta(hours=3)  # as the first answer with a date tells
    await store.back(till)
    assert await purchases(database) == [(10_000, 700, 0)]


async def test_a_book_that_cannot_be_read_is_put_aside_and_not_thrown_away(store):
    till = await store.ready()
    await store.without_api(till)
    await store.sell(till)
    await till.close()
    book = next(store.folder.rglob("till-*.sqlite3"))
    with closing(sqlite3.connect(book)) as db:
        db.execute("pragma wal_checkpoint(truncate)")
    book.write_bytes(b"x" * 64 + book.read_bytes()[64:])
    again = await store.till()
    assert again.state.till.waiting == 0
    assert len(list(store.folder.rglob("*.broken-1"))) == 1
