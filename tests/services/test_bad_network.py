"""A network that is slow, or loses every fifth message, against the real API: what is seen stays quick and true."""

from __future__ import annotations

import asyncio
import functools
import random
import time
from dataclasses import replace

import httpx
import pytest

from services.client import Client, ClientConfig, State
from services.vault import MemoryVault
from tests.services.conftest import QUICK, until
from tests.services.test_with_real_api import House, house
from tests.support import shopping

__all__ = ["house"]

TIMING = replace(QUICK, sync_every=1.0)
PATIENCE = 40
"""Seconds on a busy machine; a quiet one needs a few."""


class Weather(httpx.AsyncBaseTransport):
    """Carries requests late, and loses some: on their way there, or their answers on the way back."""

    def __init__(self, delay: float = 0.0, loss: float = 0.0, seed: int = 1) -> None:
        self._inner = httpx.AsyncHTTPTransport()
        self._delay, self._loss, self._dice = delay, loss, random.Random(seed)  # noqa: S311 - dice, the same each time
        self.lost = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(self._delay)
        self._maybe_lost()
        answer = await self._inner.handle_async_request(request)
        if request.url.path.endswith("/events"):
            return answer
        await answer.aread()
        self._maybe_lost()
        return answer

    def _maybe_lost(self) -> None:
        if self._dice.random() < self._loss:
            self.lost += 1
            raise httpx.ReadError("lost")

    async def aclose(self) -> None:
        await self._inner.aclose()


async def under(house: House, weather: Weather, name: str, vault: MemoryVault) -> Client:
    """The same device again, now in this weather."""
    config = ClientConfig(api_url=f"http://127.0.0.1:{house.port}", data_dir=house.folder, timing=TIMING)
    client = await Client.open(config, vault, device_id=name, clock=house.clock, transport=weather)
    house.clients.append(client)
    return client


async def signed_in(house: House, name: str) -> MemoryVault:
    """What a device keeps of a sign-in in fair weather."""
    client = await house.ana(name)
    vault = client._keys._vault
    await client.close()
    return vault


async def test_with_two_seconds_to_the_api_everything_shows_at_once_and_is_confirmed_later(house):
    vault = await signed_in(house, "phone")
    began = time.perf_counter()
    phone = await under(house, Weather(delay=2.0), "phone", vault)
    assert phone.state.wallet is not None
    assert phone.member_code() is not None
    await phone.activate("extra")
    shown = next(offer.state for offer in phone.state.offers if offer.offer_id == "extra")
    assert shown == "activated"
    assert phone.state.pending
    assert time.perf_counter() - began < 1.5, "the cache needs no network"
    state = await until(phone, lambda state: not state.pending and state.connection == "online", PATIENCE)
    assert state.refused == ()


@pytest.mark.fault
async def test_where_every_fifth_message_is_lost_two_devices_converge_and_nothing_is_done_twice(
    house, database, clock, programme
):
    vaults = [await signed_in(house, name) for name in ("phone", "tablet")]
    bad = [Weather(loss=0.2, seed=seed) for seed in (1, 2)]
    phone, tablet = [
        await under(house, weather, name, vault)
        for name, weather, vault in zip(("phone", "tablet"), bad, vaults, strict=True)
    ]
    for turn in range(4):
        who, other = (phone, tablet) if turn % 2 == 0 else (tablet, phone)
        await (who.activate("extra") if turn % 2 == 0 else who.deactivate("extra"))
        for each in (who, other):
            await until(each, functools.partial(_stands, "activated" if turn % 2 == 0 else "open"), PATIENCE)
    await phone.hide("base")
    await phone.activate("extra")
    member = await database.fetchrow("select member_id, programme_id from member")
    for _ in range(5):
        await shopping.buy(database, _Member(*member), clock.now(), [shopping.line(10_000)])
    wanted = {"base": ("open", True), "extra": ("activated", False)}
    for client in (phone, tablet):
        state = await until(
            client,
            lambda state: (
                len(state.purchases) == 5
                and {offer.offer_id: (offer.state, offer.hidden) for offer in state.offers} == wanted
            ),
        )
        assert state.wallet.available.amount == sum(lot.remaining.amount for lot in state.lots)
        assert state.refused == ()
    assert await database.fetchval("select count(*) from offer_activation where deactivated_at is null") == 1
    assert sum(weather.lost for weather in bad) > 3


def _stands(wanted: str, state: State) -> bool:
    extra = next((offer for offer in state.offers if offer.offer_id == "extra"), None)
    return extra is not None and extra.state == wanted and not state.pending


class _Member:
    def __init__(self, member_id, programme_id) -> None:
        self.member_id, self.programme_id = member_id, programme_id
