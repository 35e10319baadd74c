"""The client against the real API on a real PostgreSQL, over a real socket."""

from __future__ import annotations

import asyncio
import re
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI

from contract.basket import BasketLine
from contract.errors import ErrorCode
from services.client import Client, ClientConfig
from services.errors import Offline, Refused
from services.till import Draft
from services.vault import MemoryVault
from tests.services.conftest import QUICK, DeviceClock, until
from tests.support import shopping


@asynccontextmanager
async def served(app: FastAPI, port: int = 0) -> AsyncIterator[int]:
    """The API on a socket; its lifespan is the fixture's."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    config = uvicorn.Config(
        app, lifespan="off", log_level="error", date_header=False, ws="none", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    serving = asyncio.create_task(server._serve([listener]))
    try:
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await serving
        listener.close()


class House:
    """One API, with the devices that talk to it."""

    def __init__(self, app: FastAPI, folder: Path, port: int, clock: DeviceClock) -> None:
        self.app, self.folder, self.port, self.clock = app, folder, port, clock
        self.clients: list[Client] = []

    async def device(self, name: str, vault: MemoryVault | None = None) -> Client:
        config = ClientConfig(api_url=f"http://127.0.0.1:{self.port}", data_dir=self.folder, timing=QUICK)
        client = await Client.open(config, vault or MemoryVault(), device_id=name, clock=self.clock)
        self.clients.append(client)
        return client

    async def ana(self, name: str = "phone") -> Client:
        client = await self.device(name)
        sent = len(self.app.state.mail.mails)
        await client.request_code("ana@example.com")
        for _ in range(500):
            if len(self.app.state.mail.mails) > sent:
                break
            await asyncio.sleep(0.01)
        code = re.search(r"\b\d{6}\b", self.app.state.mail.mails[0].text)[0]
        await client.sign_in_with_code("ana@example.com", code)
        await until(client, lambda state: state.connection == "online")
        return client

    async def leo(self) -> Client:
        client = await self.device("till")
        await client.sign_in_with_pin("centro", "1001", "2468")
        return client


@pytest.fixture
async def house(app, database, clock, tmp_path, make_member, make_staff) -> AsyncIterator[House]:
    ana = await make_member(contact="ana@example.com", name="Ana Souza")
    await make_staff(staff_number="1001", pin="2468")
    offers = [shopping.campaign(), shopping.campaign("extra", needs_activation=True)]
    await shopping.publish(database, ana.programme_id, clock.now(), *offers)
    async with served(app) as port:
        made = House(app, tmp_path / "devices", port, DeviceClock(clock.now()))
        yield made
        for client in made.clients:
            await client.close()


def draft(identification: str, at, receipt_number: str = "", price: int = 10_000) -> Draft:
    line = BasketLine(name="Bread", category="bakery", unit_price=price)
    return Draft(identification, "Ana", receipt_number, (line,), at)


async def test_a_purchase_at_the_till_arrives_on_the_open_phone(house):
    phone, till = await house.ana(), await house.leo()
    found = await till.till.identify(phone.member_code().text)
    sale = draft(found.identification, house.clock.now())
    quoted = await till.till.quote(sale)
    assert quoted.quote.earned.amount == 500
    tapped = time.perf_counter()
    receipt = await till.till.confirm(sale, 0)
    answered = time.perf_counter()
    assert (receipt.earned, receipt.to_pay.amount) == (quoted.quote.earned, 10_000)

    state = await until(phone, lambda state: bool(state.purchases))
    shown = time.perf_counter()
    print(
        f"confirm answered after {(answered - tapped) * 1e3:.0f} ms, on the phone after {(shown - tapped) * 1e3:.0f} ms"
    )
    assert state.purchases[0].purchase_id == receipt.purchase_id
    assert state.purchases[0].lines[0].why[0].rate_bp == 500
    assert state.wallet.available.amount == 500 == sum(lot.remaining.amount for lot in state.lots)
    assert [it.purchase_id for it in (await till.till.purchases()).items] == [receipt.purchase_id]


async def test_confirming_again_is_one_purchase(house):
    phone, till = await house.ana(), await house.leo()
    found = await till.till.identify(phone.member_code().text)
    sale = draft(found.identification, house.clock.now())
    receipts = await asyncio.gather(*(till.till.confirm(sale, 0) for _ in range(5)))
    assert len({it.purchase_id for it in receipts}) == 1
    assert len((await till.till.purchases()).items) == 1


async def test_a_code_is_taken_once(house):
    phone, till = await house.ana(), await house.leo()
    code = phone.member_code().text
    await till.till.identify(code)
    with pytest.raises(Refused) as refused:
        await till.till.identify(code)
    assert refused.value.code is ErrorCode.CODE_USED


async def test_cashback_is_spent_and_a_refund_brings_it_back(house, clock):
    phone, till = await house.ana(), await house.leo()
    found = await till.till.identify(phone.member_code().text)
    await till.till.confirm(draft(found.identification, house.clock.now(), "A1"), 0)
    clock.move(seconds=30)
    house.clock.move(seconds=30)
    found = await till.till.identify(phone.member_code().text)
    quoted = await till.till.quote(draft(found.identification, house.clock.now(), "A2"))
    assert quoted.may_spend.amount > 0
    receipt = await till.till.confirm(draft(found.identification, house.clock.now(), "A2"), 100)
    assert receipt.redeemed.amount == 100
    preview = await till.till.preview_refund(receipt.purchase_id)
    done = await till.till.refund(receipt.purchase_id, reason="changed her mind")
    assert (preview.preview, done.preview) == (True, False)
    assert done.refund.restored.amount == 100
    state = await until(phone, lambda state: state.wallet is not None and state.wallet.version == done.wallet.version)
    assert state.wallet.available == done.wallet.available


async def test_an_offer_is_activated_offline_and_applied_once(house):
    phone = await house.ana()
    wanted = next(offer for offer in phone.state.offers if offer.needs_activation)
    await phone.activate(wanted.offer_id)
    state = await until(phone, lambda state: not state.pending)
    assert next(it for it in state.offers if it.offer_id == wanted.offer_id).state == "activated"
    assert state.refused == ()
    await phone.deactivate(wanted.offer_id)
    state = await until(phone, lambda state: not state.pending)
    assert next(it for it in state.offers if it.offer_id == wanted.offer_id).state == "open"


async def test_a_wrong_pin_is_refused(house):
    client = await house.device("till")
    with pytest.raises(Refused) as refused:
        await client.sign_in_with_pin("centro", "1001", "1111")
    assert refused.value.code is ErrorCode.PIN_WRONG


async def test_a_session_that_was_signed_out_elsewhere_is_over(house, database):
    phone = await house.ana()
    await database.execute("update member set closed_at = $1", house.clock.now())
    with suppress(Refused):  # unless it has noticed by itself just before
        await phone.refresh()
    state = await until(phone, lambda state: state.kind == "signed_out")
    assert state.notice is ErrorCode.SESSION_ENDED


@pytest.mark.fault
async def test_the_client_recovers_when_the_api_is_restarted(app, database, clock, tmp_path, make_member):
    ana = await make_member(contact="ana@example.com", name="Ana Souza")
    await shopping.publish(database, ana.programme_id, clock.now(), shopping.campaign())
    async with served(app) as port:
        house = House(app, tmp_path / "devices", port, DeviceClock(clock.now()))
        phone = await house.ana()
    try:
        await until(phone, lambda state: state.connection == "offline")
        with pytest.raises(Offline):
            await phone.refresh()
        await shopping.buy(database, ana, clock.now(), [shopping.line(10_000)])
        async with served(app, port):
            state = await until(phone, lambda state: state.connection == "online" and bool(state.purchases))
            assert state.wallet.available.amount == 500
            await phone.close()
    finally:
        await phone.close()


async def test_an_account_is_changed_here_and_followed_there(house):
    phone, tablet = await house.ana(), await house.ana("tablet")
    await phone.mine.change_profile(language="fi")
    await until(tablet, lambda state: state.profile is not None and state.profile.language == "fi")
    devices = await phone.mine.devices()
    assert [each.this for each in devices] == [True, False]
    await phone.mine.sign_out_device(devices[1].device_id)
    await until(tablet, lambda state: state.kind == "signed_out")
    copies = await phone.mine.ask_for_export()
    while copies[0].state == "waiting":
        copies = await phone.mine.exports()
    assert (await phone.mine.export_file(copies[0].export_id)).startswith(b"PK")
    assert await phone.mine.feedback("019cd843-1180-7a80-aa6e-dc5febb07449") is None
