"""A device comes into step with the API, whatever happens on the way."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import pytest

from contract.errors import ErrorCode
from services import account
from services.errors import Offline
from tests.services.conftest import until
from tests.services.fake_api import AT, brl


async def test_a_purchase_arrives_by_an_event_within_a_moment(api, ana):
    await api.line_open()
    purchase_id = api.earn(500)
    state = await until(ana, lambda state: bool(state.purchases))
    assert [it.purchase_id for it in state.purchases] == [purchase_id]
    assert state.wallet.available == brl(500)
    assert sum(lot.remaining.amount for lot in state.lots) == 500


async def test_without_events_a_purchase_arrives_by_polling(api, phone):
    api.events_work = False
    client = await phone.start()
    await client.sign_in_with_code("ana@example.com", "123456")
    await until(client, lambda state: state.connection == "online")
    api.earn(500, tell=False)
    state = await until(client, lambda state: bool(state.purchases))
    assert state.wallet.available == brl(500)


async def test_two_devices_converge(api, make_device):
    phone, tablet = make_device("phone"), make_device("tablet")
    clients = []
    for device in (phone, tablet):
        client = await device.start()
        await client.sign_in_with_code("ana@example.com", "123456")
        clients.append(client)
    api.offer("o1")
    for _ in range(5):
        api.earn(100)
    await clients[0].refresh()
    await clients[0].activate("o1")
    for client in clients:
        await until(client, lambda state: len(state.purchases) == 5 and not state.pending)
        await client.refresh()
    first, second = (client.state for client in clients)
    assert (first.wallet, first.lots, first.purchases, first.offers) == (
        second.wallet,
        second.lots,
        second.purchases,
        second.offers,
    )
    assert first.offers[0].state == "activated"


async def test_what_was_seen_stays_readable_offline_with_its_age(api, phone, ana):
    api.earn(500)
    await until(ana, lambda state: bool(state.purchases))
    await ana.close()
    phone.running.remove(ana)
    api.stop()
    phone.clock.move(hours=3)

    again = await phone.start()
    assert again.state.kind == "member"
    assert again.state.wallet.available == brl(500)
    assert again.state.profile.name == "Ana Souza"
    state = await until(again, lambda state: state.connection == "offline")
    assert state.fetched_at == AT
    assert state.offline_since == AT + timedelta(hours=3)
    assert again.member_code() is not None


async def test_it_recovers_by_itself_when_the_api_is_back(api, phone, ana):
    await api.line_open()
    phone.clock.move(minutes=5)
    api.stop()
    state = await until(ana, lambda state: state.connection == "offline")
    assert state.offline_since == AT + timedelta(minutes=5)
    with pytest.raises(Offline):
        await ana.refresh()
    api.earn(700, tell=False)
    api.down = False
    state = await until(ana, lambda state: state.connection == "online" and bool(state.purchases))
    assert state.offline_since is None
    assert state.wallet.available == brl(700)
    await api.line_open()


@pytest.mark.fault
async def test_lost_and_repeated_answers_change_nothing(api, ana):
    api.fail("GET", "/v1/me/changes", "lost", times=3)
    api.earn(500)
    api.earn(300)
    state = await until(ana, lambda state: len(state.purchases) == 2)
    for _ in range(3):
        await ana.refresh()
    assert ana.state.wallet.available == brl(800)
    assert ana.state.lots == state.lots
    assert ana.state.purchases == state.purchases


@pytest.mark.fault
async def test_an_older_answer_that_comes_late_does_not_win(api, quiet):
    ana = quiet
    api.earn(500)
    await ana.refresh()
    old = api._changes(api.made("GET", "/v1/me/changes")[-1])
    api.earn(300)
    await ana.refresh()
    api.fail("GET", "/v1/me/changes", "answer", answer=old)
    await ana.refresh()
    assert ana.state.wallet.available == brl(800)
    assert len(ana.state.purchases) == 2


async def test_a_sum_that_differs_fetches_everything(api, quiet):
    ana = quiet
    api.earn(500, lot_id="kept")
    await ana.refresh()
    api.lots.pop("kept")  # it left without being said, and something else came
    api.available -= 500
    api.earn(200, tell=False)
    before = len([it for it in api.made("GET", "/v1/me/changes") if "since" not in it.query])
    await ana.refresh()
    assert len([it for it in api.made("GET", "/v1/me/changes") if "since" not in it.query]) == before + 1
    assert [lot.remaining for lot in ana.state.lots] == [brl(200)]


async def test_a_new_epoch_replaces_everything_also_by_an_older_version(api, ana):
    for _ in range(3):
        api.earn(500)
    await until(ana, lambda state: len(state.purchases) == 3)
    api.epoch, api.version, api.available = "e2", 1, 0
    api.lots.clear()
    api.purchases.clear()
    await ana.refresh()
    assert ana.state.wallet.available == brl(0)
    assert ana.state.purchases == ()
    assert ana.state.lots == ()


async def test_older_purchases_come_page_by_page(api, phone):
    api.page = 2
    for number in range(5):
        api.earn(10, at=AT + timedelta(minutes=number))
    client = await phone.start()
    await client.sign_in_with_code("ana@example.com", "123456")
    await until(client, lambda state: len(state.purchases) == 2)
    assert client.state.has_older_purchases
    await asyncio.gather(client.load_older_purchases(), client.load_older_purchases())
    assert [it.purchase_id for it in client.state.purchases] == sorted(api.purchases, reverse=True)
    assert not client.state.has_older_purchases
    await client.load_older_purchases()
    assert len(client.state.purchases) == 5


async def test_a_start_takes_the_newest_from_the_cache_and_older_ones_as_they_are_asked_for(api, phone, monkeypatch):
    monkeypatch.setattr(account, "FIRST", 2)
    monkeypatch.setattr(account, "KEPT", 3)
    monkeypatch.setattr(account, "PAGE", 2)
    bought = [api.earn(10, at=AT + timedelta(minutes=number)) for number in range(7)][::-1]
    before = await phone.start()
    await before.sign_in_with_code("ana@example.com", "123456")
    await until(before, lambda state: len(state.purchases) == 3)
    await phone.kill(before)
    api.down = True
    client = await phone.start()
    assert [it.purchase_id for it in client.state.purchases] == bought[:2]
    assert client.state.has_older_purchases
    await until(client, lambda state: state.connection == "offline")
    assert [it.purchase_id for it in client.state.purchases] == bought[:3]
    await client.load_older_purchases()
    assert [it.purchase_id for it in client.state.purchases] == bought[:5]
    await client.show_all_kept()
    assert [it.purchase_id for it in client.state.purchases] == bought
    assert not client.state.has_older_purchases


async def test_a_purchase_outside_the_list_is_fetched_and_then_kept(api, phone):
    api.page = 1
    old = api.earn(10)
    api.earn(10, at=AT + timedelta(minutes=1))
    client = await phone.start()
    await client.sign_in_with_code("ana@example.com", "123456")
    await until(client, lambda state: len(state.purchases) == 1)
    assert (await client.purchase(old)).purchase_id == old
    assert await client.purchase("nosuch") is None
    api.stop()
    assert (await client.purchase(old)).purchase_id == old
    assert len(client.state.purchases) == 1
    with pytest.raises(Offline):
        await client.purchase("unseen")


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>please sign in to the café's network</html>"),
        httpx.Response(200, text='{"cursor": 1}', headers={"Content-Type": "application/json"}),
        httpx.Response(401, text="proxy says no"),
        httpx.Response(503, text="busy"),
        httpx.Response(302, headers={"Location": "http://portal.test"}),
    ],
    ids=["portal", "half a message", "proxy", "busy", "redirect"],
)
@pytest.mark.fault
async def test_an_answer_of_something_else_than_the_api_counts_as_none(api, quiet, answer):
    ana = quiet
    api.earn(500)
    await ana.refresh()
    api.fail("GET", "/v1/me/changes", "answer", answer=answer)
    with pytest.raises(Offline):
        await ana.refresh()
    assert ana.state.kind == "member"
    assert ana.state.wallet.available == brl(500)
    await ana.refresh()
    assert ana.state.connection == "online"


async def test_a_revoked_session_signs_out_and_says_so(api, phone, ana):
    api.earn(500)
    await until(ana, lambda state: bool(state.purchases))
    api.end_sessions()
    ana._wake()
    state = await until(ana, lambda state: state.kind == "signed_out")
    assert state.notice is ErrorCode.SESSION_ENDED
    assert state.wallet is None
    assert phone.vault.kept == {}
    assert phone.files == []


async def test_many_calls_with_an_old_token_refresh_it_once(api, ana):
    purchase_ids = [api.earn(10) for _ in range(8)]
    api.expire_access()
    found = await asyncio.gather(*(ana._gateway.my_purchase(purchase_id) for purchase_id in purchase_ids))
    assert [it.purchase_id for it in found] == purchase_ids
    assert len(api.made("POST", "/v1/sign-in/refresh")) == 1


async def test_a_second_window_takes_over_the_tokens_of_the_first(api, phone, ana):
    other = await phone.start()
    await until(other, lambda state: state.connection == "online")
    api.expire_access()
    await ana.refresh()
    await other.refresh()
    assert len(api.made("POST", "/v1/sign-in/refresh")) == 1
    assert other.state.kind == ana.state.kind == "member"
