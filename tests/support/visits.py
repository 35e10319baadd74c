"""A visitor of the app who is photographed on the way, and what it takes to be some of them."""

from __future__ import annotations

import asyncio
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from playwright.async_api import Browser, BrowserContext
from playwright.async_api import Error as Stuck
from playwright.async_api import TimeoutError as Late

from services.texts import Texts
from tests.e2e.screen import Screen
from tests.support.pictures import is_blank, is_same

SIZES = {390: 844, 768: 1024, 1280: 800}
LOCALES = {"en": "en-GB", "ru": "ru-RU"}
FRAMELESS = {"code", "code-large", "code-offline", "missing"}
"""Screens that are the same at every width, and do not say for which they were drawn."""
_CALM = """() => {
  const host = document.querySelector('flt-semantics-host');
  const said = host ? host.innerText + [...host.querySelectorAll('[aria-label]')].map(e => e.ariaLabel) : '';
  return said.length > 12 && !/Working|Loading|Загрузка/.test(said) ? said + host.innerHTML : '';
}"""

SHOPPERS = {"Ana Souza", "Bruno Lima"}


@dataclass
class Visit:
    """One visitor of one theme and language, and what the pictures need to know of the demo."""

    screen: Screen
    url: str
    theme: str
    language: str
    sizes: tuple[int, ...]
    wanted: frozenset[str]
    ids: dict[str, str]
    out: Path
    made: list[Path] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def wants(self, *names: str) -> bool:
        """Whether any of these screens was asked for."""
        return not self.wanted or bool(self.wanted & set(names))

    async def shoot(self, name: str, route: str | None = None) -> None:
        """Open a screen and photograph it at each width."""
        if self.wants(name):
            with self.going_on(name):
                await self._shoot(name, route)

    @contextmanager
    def going_on(self, name: str) -> Iterator[None]:
        """Name what does not come about; the others go on."""
        try:
            yield
        except (AssertionError, Stuck, httpx.HTTPError, RuntimeError) as error:
            self.failed.append(f"{name} {self.theme} {self.language}")
            print(f"{self.failed[-1]}: {error!s:.400}", file=sys.stderr)

    async def _shoot(self, name: str, route: str | None) -> None:
        if route is not None:
            await self.screen.go(self.url + route.format(**self.ids))
        for width in self.sizes:
            await self.screen.page.set_viewport_size({"width": width, "height": SIZES[width]})
            await self.laid_out(name, width)
            await self.calm()
            path = self.out / f"{name}-{width}-{self.theme}-{self.language}.png"
            await self.painted(path)
            self.made.append(path)

    async def painted(self, path: Path) -> None:
        """Take the picture; again where a slow machine has not painted yet what it knows already."""
        before = b""
        for _ in range(8):
            now = await self.screen.page.screenshot(path=path)
            if before and is_same(before, now) and not is_blank(path):
                return
            before = now
            await asyncio.sleep(0.4)

    async def laid_out(self, name: str, width: int) -> None:
        """Wait until the app has drawn for this width: the window tells the server, which draws anew."""
        if name in FRAMELESS:
            await self.screen.page.wait_for_function("() => !document.querySelector('flt-semantics[role=tab]')")
            await asyncio.sleep(1)
            return
        kind = "compact" if width < 600 else "medium" if width < 840 else "expanded"
        mark, page = f"[flt-semantics-identifier=width-{kind}]", self.screen.page
        for _ in range(8):
            with suppress(Late):
                await page.wait_for_selector(mark, state="attached", timeout=4_000)
                return
            # Flutter may draw a mark's new name and tell of it only with the next change: make one
            for other in (width + 1, width):
                await page.set_viewport_size({"width": other, "height": SIZES[width]})
                await asyncio.sleep(0.5)
        raise AssertionError(f"{name} was not drawn for {width}")

    async def calm(self, quiet: float = 0.6, most: float = 25) -> None:
        """Wait until nothing has changed for a moment; what counts down never stops, so not for ever."""
        end, before, since = time.monotonic() + most, "", time.monotonic()
        while time.monotonic() < end:
            now = re.sub(r"\d+", "", await self.screen.page.evaluate(_CALM))
            if now != before:
                before, since = now, time.monotonic()
            elif now and time.monotonic() - since > quiet:
                return
            await asyncio.sleep(0.1)


async def enter(
    browser: Browser, url: str, theme: str, language: str, name: str, *, sharp: int = 1
) -> tuple[BrowserContext, Screen]:
    """A new visitor, signed in as one of the demo's people where a name is given; ``sharp`` pixels for each point."""
    context = await browser.new_context(
        viewport={"width": 390, "height": 844},
        color_scheme="dark" if theme == "dark" else "light",
        locale=LOCALES[language],
        device_scale_factor=sharp,
    )
    screen = await Screen.open(context, f"{url}/demo")
    if name:
        await screen.sees(name, within=120_000)
        await screen.tap(name)
        await screen.page.wait_for_url(lambda at: "/demo" not in at, timeout=120_000)
        if name in SHOPPERS:  # her wallet has come
            await screen.reads(r"\d[.,]\d\d", within=120_000)
    return context, screen


NEW = {
    "wallet-new": "/",
    "offers-new": "/offers",
    "purchases-new": "/purchases",
    "statement-new": "/statement",
    "me-claims-new": "/me/claims",
}
"""What somebody sees who has just joined: nothing is there yet."""


async def newcomer(visit: Visit) -> None:
    """Signs in for the first time, joins, and looks around."""
    if not visit.wants("sign-in-code", "sign-in-join", *NEW):
        return
    texts, contact = Texts(visit.language), f"nova{time.time_ns() // 1000 % 1_000_000}@example.com"
    screen = visit.screen
    await screen.go(f"{visit.url}/sign-in")
    await screen.sees(texts.t("Send me a code"), within=120_000)
    await visit.calm()
    await _typed(screen, texts.t("E-mail or phone"), contact)
    await screen.tap(texts.t("Send me a code"))
    await screen.sees(texts.t("Enter your code"))
    await visit.shoot("sign-in-code")
    await _typed(screen, texts.t("6-digit code"), await _code_for(visit.url, contact))
    await screen.sees(texts.t("Nice to meet you"))
    await visit.shoot("sign-in-join")
    await _typed(screen, texts.t("What shall we call you?"), "Nova")
    await screen.tap(texts.t("Accept and join"))
    await screen.sees(texts.t("Show my code"))
    for name, route in NEW.items():
        await visit.shoot(name, route)


async def _typed(screen: Screen, label: str, value: str) -> None:
    """Type into a field; again where a slow machine lost the focus on the way."""
    for _ in range(3):
        with suppress(Late):
            await screen.fill(label, value)
            return
    raise AssertionError(f"{label} takes nothing")


async def _code_for(url: str, contact: str) -> str:
    """The code that was sent to somebody, out of the demo's inbox."""
    async with httpx.AsyncClient(base_url=url, timeout=30) as http:
        for _ in range(50):
            found = re.search(re.escape(contact) + r".*?\b(\d{6})\b", (await http.get("/demo/inbox")).text, re.DOTALL)
            if found:
                return found[1]
            await asyncio.sleep(0.1)
    raise RuntimeError(f"no code was sent to {contact}")


LARGE = {
    "wallet-large": "/",
    "offers-large": "/offers",
    "offer-large": "/offers/{offer}",
    "purchases-large": "/purchases",
    "purchase-large": "/purchases/{purchase}",
    "statement-large": "/statement",
    "code-large": "/code",
    "me-large": "/me",
}
"""What somebody sees who has text half as large again."""


async def large(visit: Visit) -> None:
    """Chooses the largest text, and looks around."""
    if not visit.wants(*LARGE):
        return
    texts = Texts(visit.language)
    await visit.screen.go(f"{visit.url}/me")
    await visit.screen.sees(texts.t("Member number"))
    await visit.calm()
    await visit.screen.tap(texts.p("text size", "Largest"))
    await visit.calm()
    for name, route in LARGE.items():
        await visit.shoot(name, route)


OFFLINE = {
    "wallet-offline": "/",
    "offers-offline": "/offers",
    "offer-offline": "/offers/{offer}",
    "purchase-offline": "/purchases/{purchase}",
    "code-offline": "/code",
    "me-devices-offline": "/me/devices",
}
"""What somebody sees while the API is gone: all that was seen before, and a sentence where nothing was."""


async def offline(visit: Visit) -> None:
    """Looks again at what this device keeps, with an offer activated meanwhile. The API has gone before."""
    texts = Texts(visit.language)
    await visit.screen.reads(texts.t("You are offline since {time}. This is from {age}.").split("{")[0])
    for name, route in OFFLINE.items():
        if name == "offer-offline":
            await visit.screen.go(visit.url + route.format(**visit.ids))
            await visit.calm()
            await visit.screen.tap(texts.t("Activate {name}").split("{")[0])
            await visit.calm()
        await visit.shoot(name, route)
