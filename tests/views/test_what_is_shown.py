"""Whatever a cashier and the network do, and in whatever order: the browser shows what the session holds, all alive."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Literal

import flet as ft
import pytest

from services.state import State
from tests.views.mirror import Mirror
from tests.views.till_driver import Browser
from tests.views.till_fakes import CODE, LEO, NOW, FakeClient
from views.session import session_of

ROUTES = ("/till", "/till/refund", "/till/day", "/till/device", "/till/join", "/till/basket")
WIDTHS = (390, 700, 1280)
TIMES = 30


class Hurried:
    """Somebody who waits for nothing, and a network with moods; all by one seed."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)  # noqa: S311 - chance, and the same chance again
        self.done: list[str] = []
        self.client = FakeClient()
        self._slow(self.client.till)
        self.client.state = self.random.choice([State(kind="starting"), State(kind="signed_out"), self.client.state])

    async def sit_down(self) -> Browser:
        route, width = self.random.choice(ROUTES), self.random.choice(WIDTHS)
        self.browser = await Browser.open(self.client, route, width=width, mirror=Mirror())
        self.client.change(State(kind="staff", staff=LEO, connection="connecting"))
        return self.browser

    async def do(self) -> None:
        ways = [self.resizes, self.goes, self.waits, self.waits, self.types, self.taps, self.scans]
        way = self.random.choice([*ways, self.reads_another_language, self.loses_the_network, self.loses_the_app])
        self.done.append(way.__name__)
        await way()

    async def resizes(self) -> None:
        size = {"width": self.random.choice(WIDTHS), "height": 844}
        self.browser.session.apply_page_patch(size)
        await self.browser.page._trigger_event("resize", size)

    async def goes(self) -> None:
        await self.browser._went(self.random.choice(ROUTES))

    async def waits(self) -> None:
        await _turns(self.random.choice([1, 2, 5, 30]))

    async def types(self) -> None:
        fields = [each for each in self.browser.controls() if isinstance(each, ft.TextField)]
        if fields:
            field = self.random.choice(fields)
            self.browser.session.apply_patch(field._i, {"value": "123"})
            await self.browser.session.dispatch_event(field._i, "change", "123")

    async def taps(self) -> None:
        buttons = [each for each in self.browser.controls() if getattr(each, "on_click", None) is not None]
        if buttons:
            event = self.browser.session.dispatch_event(self.random.choice(buttons)._i, "click", None)
            self.tapped = asyncio.ensure_future(event)

    async def scans(self) -> None:
        for key in (*CODE, "Enter"):
            await self.browser._key(key)

    async def reads_another_language(self) -> None:
        session = session_of(self.browser.page)
        assert session is not None
        session.preferences.language = self.random.choice(["en", "ru", "pt-BR"])

    async def loses_the_network(self) -> None:
        links: list[Literal["connecting", "online", "offline"]] = ["connecting", "online", "offline"]
        gone = State(kind="staff", staff=LEO, fetched_at=NOW, offline_since=NOW)
        self.client.change(replace(gone, connection=self.random.choice(links)))

    async def loses_the_app(self) -> None:
        self.browser.wire.has_left = self.random.random() < 0.5
        await _turns(self.random.choice([0, 1, 3]))
        await self.browser.leave()
        await _turns(self.random.choice([1, 5, 30]))
        await self.browser.come_back()

    def _slow(self, service: Any) -> None:
        for name in (each for each in dir(service) if not each.startswith("_")):
            if asyncio.iscoroutinefunction(call := getattr(service, name)):
                setattr(service, name, self._late(call))

    def _late(self, call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def later(*args: Any, **kwargs: Any) -> Any:
            try:
                await _turns(self.random.choice([0, 1, 3, 10, 40]))
            finally:  # who is cancelled gives its connection back first
                await _turns(self.random.choice([0, 2]))
            return await call(*args, **kwargs)

        return later


@pytest.mark.parametrize("time", range(TIMES))
async def test_a_browser_shows_what_its_session_holds_and_every_part_is_alive(time):
    seed = f"{time} of {random.randrange(10**6)}"  # noqa: S311 - a seed, which a failure prints
    somebody = Hurried(seed)
    browser = await somebody.sit_down()
    try:
        for _ in range(somebody.random.randint(3, 12)):
            await somebody.do()
        await _turns(400)
        assert browser.mirror is not None
        browser.mirror.compare(browser.page)
        assert "Loading" not in browser.said
    except BaseException:
        print(f"seed {seed}: {' '.join(somebody.done)}")
        raise
    finally:
        browser.session.close()
        await _turns(20)
        browser.wire.executor.shutdown()


async def _turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)
