"""The API goes away and comes back; the app stays, and says so."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest

from tests.e2e import people
from tests.e2e.conftest import Visit
from tests.e2e.process import run_api, run_app
from tests.e2e.screen import Screen
from tests.e2e.test_main_job import CODE, be


class Apart:
    """The app and its API as two processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.api = run_api(folder / "api")
        self.url = self.api.url
        self.app = run_app(folder / "app", KIERTO_API_URL=self.url, KIERTO_DEMO="true")

    def api_away(self) -> None:
        assert self.api.stop() == 0, "\n".join(self.api.lines)

    def api_back(self) -> None:
        self.api = run_api(self.folder / "api", port=int(self.url.rsplit(":", 1)[1]))


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory):
    both = Apart(tmp_path_factory.mktemp("apart"))
    yield both
    assert both.app.stop(signal.SIGINT) == 0, "\n".join(both.app.lines)
    both.api.stop()


async def test_with_the_api_gone_everything_seen_stays_and_it_recovers_by_itself(apart: Apart, visit: Visit):
    shopper = await be(visit, apart.app.url, "Ana Souza")
    await shopper.sees("available", "Show my code")
    balance = (await shopper.reads(r"R\$ ?[\d,.]+")).group(0)
    await shopper.tap("Purchases")
    await shopper.sees("Centro")
    apart.api_away()
    try:
        await shopper.sees("offline since")
        await shopper.sees("Centro")
        await shopper.reload()
        await shopper.sees("offline", "Centro")
        await shopper.tap("Wallet")
        await shopper.sees(balance)
        await shopper.tap("Offers")
        await shopper.sees("Activate")
        # another tab begins with nothing but what this device keeps: the till gets its code all the same
        cold = await Screen.open(shopper.page.context, apart.app.url + "/code")
        await cold.reads(CODE)
        await cold.page.close()
    finally:
        apart.api_back()
    await shopper.sees_no("offline")
    await shopper.sees("Activate")


async def test_an_offer_activated_while_the_api_is_away_is_applied_once_afterwards(apart: Apart, visit: Visit):
    """On a phone and at a desk: two people at once, so that the API has to go away only once."""

    async def activated(persona: str) -> int:
        known = await people.sign_in(apart.url, persona)
        return [offer["state"] for offer in await people.offers(apart.url, known)].count("activated")

    async def at_offers(who: str, *, desktop: bool) -> Screen:
        shopper = await be(visit, apart.app.url, who, desktop=desktop)
        await shopper.sees("Show my code")
        await shopper.tap("Offers")
        await shopper.sees("Activate")
        return shopper

    async def activate(shopper: Screen, offer: str) -> None:
        await shopper.sees("offline")
        await shopper.opens(f"Activate {offer}", "Waiting for network")

    async def sent(shopper: Screen) -> None:
        await shopper.sees_no("offline")
        await shopper.sees_no("Waiting for network")

    before = await activated("bruno"), await activated("ana")
    phone, desk = await asyncio.gather(at_offers("Bruno Lima", desktop=False), at_offers("Ana Souza", desktop=True))
    apart.api_away()
    try:
        await asyncio.gather(activate(phone, "The big weekend shop"), activate(desk, "Fresh from the bakery"))
    finally:
        apart.api_back()
    await asyncio.gather(sent(phone), sent(desk))
    assert (await activated("bruno"), await activated("ana")) == (before[0] + 1, before[1] + 1)
