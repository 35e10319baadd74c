"""Clients of a fake API, with clocks that a test moves and waits that an event ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from services.client import Client, ClientConfig, State, Timing
from services.vault import MemoryVault
from tests.services.fake_api import AT, FakeApi

QUICK = Timing(sync_every=30.0, poll_every=0.05, health_every=0.05, retry_first=0.01, retry_most=0.05)


SLOW = Timing(sync_every=60.0, poll_every=60.0, health_every=60.0, retry_first=60.0, retry_most=60.0)


class DeviceClock:
    """A device's clock that stands still until a test moves it."""

    def __init__(self, at: datetime = AT) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


class Device:
    """A phone or a till: its files and its vault outlive the app on it."""

    def __init__(self, api: FakeApi, folder: Path, name: str) -> None:
        self.api = api
        self.name = name
        self.vault = MemoryVault()
        self.clock = DeviceClock()
        self.folder = folder
        self.running: list[Client] = []

    async def start(self, timing: Timing = QUICK) -> Client:
        config = ClientConfig(api_url="http://api.test", data_dir=self.folder, timing=timing)
        client = await Client.open(config, self.vault, device_id=self.name, clock=self.clock, transport=self.api)
        self.running.append(client)
        return client

    async def kill(self, client: Client) -> None:
        """End the app without a goodbye: nothing is flushed, no request is finished."""
        account = client._account
        await client.till.queue.leave()
        await client.till._shelf.leave()
        for task in list(client.till._posting.values()):
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task
        if account is not None:
            await account.sync.stop()
            account.cache._close()
        self.running.remove(client)
        client._account = None
        await client._gateway.close()

    @property
    def files(self) -> list[Path]:
        return [path for path in self.folder.rglob("*") if path.is_file()]

    def bytes_on_disk(self) -> bytes:
        return b"".join(path.read_bytes() for path in self.files)


async def until(client: Client, true: Callable[[State], bool], within: float = 10) -> State:
    """Wait for a state in which something is true, at most so many seconds."""
    reached = asyncio.Event()

    def look(state: State) -> None:
        if true(state):
            reached.set()

    stop = client.subscribe(look)
    look(client.state)
    try:
        await asyncio.wait_for(reached.wait(), within)
    finally:
        stop()
    return client.state


@pytest.fixture
def api() -> FakeApi:
    return FakeApi()


@pytest.fixture
async def make_device(api: FakeApi, tmp_path: Path) -> AsyncIterator[Callable[[str], Device]]:
    """`make_device("phone")`."""
    made: list[Device] = []

    def make(name: str) -> Device:
        made.append(Device(api, tmp_path / name, name))
        return made[-1]

    yield make
    for device in made:
        for client in list(device.running):
            await client.close()


@pytest.fixture
async def phone(make_device: Callable[[str], Device]) -> Device:
    return make_device("phone")


@pytest.fixture
async def ana(phone: Device) -> Client:
    """A member, signed in and in step."""
    client = await phone.start()
    await client.sign_in_with_code("ana@example.com", "123456")
    await until(client, lambda state: state.connection == "online")
    return client


@pytest.fixture
async def quiet(api: FakeApi, phone: Device) -> Client:
    """A member whose device syncs only when it is told to."""
    api.events_work = False
    client = await phone.start(SLOW)
    await client.sign_in_with_code("ana@example.com", "123456")
    await until(client, lambda state: state.connection == "online")
    return client


@pytest.fixture
async def till_device(make_device: Callable[[str], Device]) -> Device:
    return make_device("till")


@pytest.fixture
async def leo(till_device: Device) -> Client:
    """A cashier, signed in."""
    client = await till_device.start()
    await client.sign_in_with_pin("centro", "1001", "2468")
    return client


Until = Callable[[Client, Callable[[State], bool]], Awaitable[State]]
