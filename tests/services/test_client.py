"""Signing in and out, what listeners hear, and that no screen is needed for any of it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import timedelta

import httpx
import pytest

from contract import member_code
from contract.errors import ErrorCode
from services.client import Client, ClientConfig
from services.errors import Offline, Refused
from services.gateway import Gateway
from services.keys import Keys
from services.retry import Backoff
from services.routes import Nothing
from services.vault import MemoryVault
from tests.services.conftest import DeviceClock, until
from tests.services.fake_api import AT, FakeApi, brl


async def test_a_device_without_a_sign_in_is_signed_out(phone):
    client = await phone.start()
    assert client.state.kind == "signed_out"
    assert client.member_code() is None
    await client.refresh()


async def test_a_wrong_code_is_refused_and_changes_nothing(api, phone):
    client = await phone.start()
    await client.request_code("ana@example.com")
    with pytest.raises(Refused) as refused:
        await client.sign_in_with_code("ana@example.com", "000000")
    assert refused.value.code is ErrorCode.SIGN_IN_CODE_WRONG
    assert len(api.made("POST", "/v1/sign-in")) == 1
    with pytest.raises(Refused) as refused:
        await client.sign_in_with_code("ana@example.com", "12")
    assert refused.value.problem.errors[0].field == "code"
    assert client.state.kind == "signed_out"
    assert phone.files == []


async def test_signing_out_wipes_the_device_also_offline(api, phone, ana):
    api.earn(500)
    await until(ana, lambda state: bool(state.purchases))
    await ana.activate("nosuch")
    assert phone.files
    assert phone.vault.kept
    api.stop()
    await ana.sign_out()
    assert ana.state.kind == "signed_out"
    assert ana.state.notice is None
    assert ana.state.wallet is None
    assert phone.files == []
    assert phone.vault.kept == {}
    assert ana.member_code() is None


async def test_signing_out_online_ends_the_session_at_the_api(api, phone, ana):
    api.expire_access()  # also when the access token is old by then
    await ana.sign_out()
    assert len(api.made("POST", "/v1/sign-out")) == 2
    assert api.access == {}
    assert phone.vault.kept == {}


async def test_another_person_on_the_same_device_sees_nothing_of_the_first(api, phone, ana):
    api.earn(500)
    await until(ana, lambda state: bool(state.purchases))
    await ana.sign_in_with_pin("centro", "1001", "2468")
    assert ana.state.kind == "staff"
    assert ana.state.staff.name == "Leo"
    assert ana.state.wallet is None
    assert ana.member_code() is None
    assert b"ana@example.com" not in phone.bytes_on_disk()


async def test_a_listener_hears_each_change_and_one_that_fails_does_no_harm(api, ana):
    heard = []

    def fail(_state):
        raise RuntimeError("a screen's mistake")

    ana.subscribe(fail)
    stop = ana.subscribe(heard.append)
    api.earn(500)
    await until(ana, lambda state: bool(state.purchases))
    assert heard
    assert heard[-1] is ana.state
    stop()
    stop()
    count = len(heard)
    api.earn(100)
    await until(ana, lambda state: len(state.purchases) == 2)
    assert len(heard) == count


async def test_what_the_api_words_is_asked_for_in_the_language_of_the_device(api, quiet):
    def asked():
        return [call.language for call in api.made("GET", "/v1/me/changes")]

    quiet.mine.speak("fi")
    await quiet.refresh()
    assert asked()[-1] == "fi"
    quiet.mine.speak("da")  # another than before: what is shown is fetched again
    while asked()[-1] != "da":
        api.called.clear()
        await api.called.wait()


@pytest.mark.parametrize("reader", ["203.0.113.7", ""])
async def test_the_api_hears_for_whom_a_hosted_client_asks(tmp_path, reader):
    heard: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        heard.append(request.headers.get("X-Forwarded-For"))
        return httpx.Response(202, json={})

    config = ClientConfig(api_url="http://test", data_dir=tmp_path, reader=reader)
    transport = httpx.MockTransport(answer)
    client = await Client.open(config, MemoryVault(), device_id="one", transport=transport)
    await client.request_code("ana@example.com")
    await client.close()
    assert heard == [reader or None]


async def test_a_till_knows_whether_it_is_online(api, till_device, leo):
    await until(leo, lambda state: state.connection == "online")
    api.stop()
    with pytest.raises(Offline):
        await leo.till.purchases()
    await until(leo, lambda state: state.connection == "offline")
    api.down = False
    await until(leo, lambda state: state.connection == "online")


async def test_the_code_follows_the_apis_clock_and_not_a_wrong_device(api, phone):
    api.date = "Tue, 10 Mar 2026 15:00:10 GMT"
    phone.clock.at = AT + timedelta(hours=2)
    client = await phone.start()
    await client.sign_in_with_code("ana@example.com", "123456")
    await until(client, lambda state: state.connection == "online")
    shown = client.member_code()
    await client.close()
    phone.running.remove(client)
    api.stop()
    again = await phone.start()  # with no network, what was measured still counts
    assert again.member_code() == shown
    step = member_code.step_at((AT + timedelta(seconds=10)).timestamp())
    assert shown.text == member_code.make("4821903117", client._keys.code_secret.secret, step).text


@pytest.mark.parametrize(("method", "key", "calls"), [("GET", None, 3), ("POST", "k", 3), ("POST", None, 1)])
@pytest.mark.fault
async def test_only_what_may_arrive_twice_is_sent_twice(method, key, calls):
    api = FakeApi()
    gateway = Gateway("http://api.test", Keys(MemoryVault()), DeviceClock(), transport=api, backoff=Backoff(0.001))
    api.fail(method, "/v1/demo/personas", "lost", times=9)
    with pytest.raises(Offline):
        await gateway._call(Nothing, method, "/v1/demo/personas", key=key, signed=False)
    assert len(api.calls) == calls
    await gateway.close()


async def test_retry_after_is_honoured_when_it_is_short_and_left_to_the_caller_when_long(api, ana):
    purchase_id = api.earn(500)
    path = f"/v1/me/purchases/{purchase_id}"
    api.refuse("GET", path, 429, ErrorCode.TOO_MANY_REQUESTS, Retry_After="0")
    assert (await ana._gateway.my_purchase(purchase_id)).earned == brl(500)
    api.refuse("GET", path, 429, ErrorCode.TOO_MANY_REQUESTS, Retry_After="3600")
    with pytest.raises(Refused) as refused:
        await ana._gateway.my_purchase(purchase_id)
    assert refused.value.problem.params["retry_after"] == 3600


async def test_a_code_that_this_app_does_not_know_is_still_a_refusal(api, ana):
    answer = httpx.Response(
        409,
        headers={"Content-Type": "application/problem+json"},
        json={"title": "x", "status": 409, "code": "invented_later", "detail": "x"},
    )
    api.fail("GET", "/v1/me/purchases/x", "answer", answer=answer)
    with pytest.raises(Refused) as refused:
        await ana._gateway.my_purchase("x")
    assert refused.value.code is ErrorCode.INVALID_INPUT


def test_the_services_run_without_a_screen_and_without_the_server():
    program = (
        "import pkgutil, importlib, sys, services\n"
        "for module in pkgutil.iter_modules(services.__path__): importlib.import_module('services.' + module.name)\n"
        "banned = {'flet', 'fastapi', 'api', 'views', 'PIL', 'zxingcpp'}\n"
        "wrong = [name for name in sys.modules if name.split('.')[0] in banned]\n"
        "assert not wrong, wrong\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


async def test_closing_and_opening_many_times_leaves_nothing_running(api, phone, ana):
    await ana.close()
    phone.running.remove(ana)
    before = asyncio.all_tasks()
    for _ in range(5):
        client = await phone.start()
        client._wake()
        await client.close()
        phone.running.remove(client)
    assert not [task for task in asyncio.all_tasks() - before if task.get_name().startswith("kierto")]
