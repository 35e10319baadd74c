"""What a visit to the app costs in a real browser, beside an empty Flet app that is served the same way."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.async_api import BrowserContext, Page, ViewportSize, async_playwright

from tests.bench.empty import READY
from tests.bench.figures import Figure, measure
from tests.bench.pairs import children, own_seconds
from tests.bench.servers import Served, demo_app, empty_app
from tests.bench.stage import Stage

FLAGS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--enable-unsafe-swiftshader",
)
PHONE = ViewportSize(width=390, height=844)
_WALLET = "Show my code"
PATIENCE = 60_000
_WATCH = """word => {
  window.saidAt = null;
  const look = () => {
    const off = document.querySelector('flt-semantics-placeholder');
    if (off) off.click();
    const host = document.querySelector('flt-semantics-host');
    const said = host ? host.textContent + [...host.querySelectorAll('[aria-label]')].map(e => e.ariaLabel).join() : '';
    if (said.includes(word)) window.saidAt = performance.now();
    else setTimeout(look, 10);
  };
  look();
}"""


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit: until the awaited words stood on the screen, and bytes that came over the network.

    `milliseconds` by the clock, `cpu` seconds of the browser and of the server together.
    """

    milliseconds: float
    bytes: int
    cpu: float


class Visitor:
    """One browser profile that comes again and again to one address."""

    def __init__(self, context: BrowserContext, served: Served, word: str, browser: int) -> None:
        self._context, self._url, self._word = context, served.url, word
        self._pids = [served.pid, browser]

    async def visit(self) -> Visit:
        """Open a tab, wait for the words, close it."""
        page = await self._context.new_page()
        await page.add_init_script(f"({_WATCH})({self._word!r})")
        network = await self._context.new_cdp_session(page)
        came: list[int] = []
        network.on("Network.loadingFinished", lambda event: came.append(int(event["encodedDataLength"])))
        await network.send("Network.enable")
        before = _cpu(self._pids)
        await page.goto(self._url)
        await page.wait_for_function("() => window.saidAt !== null", timeout=PATIENCE)
        spent = _cpu(self._pids) - before
        seen = Visit(float(await page.evaluate("window.saidAt")), sum(came), spent)
        await page.close()
        return seen


@asynccontextmanager
async def visitor(served: Served, word: str) -> AsyncIterator[Visitor]:
    """A browser with an empty cache of its own, on a phone."""
    with tempfile.TemporaryDirectory(prefix="kierto-bench-") as folder:
        async with async_playwright() as play:
            context = await play.chromium.launch_persistent_context(
                Path(folder), executable_path=chromium(), args=list(FLAGS), viewport=PHONE
            )
            try:
                yield Visitor(context, served, word, _process_of(folder))
            finally:
                await context.close()


@measure("browser")
async def first_screen(stage: Stage) -> list[Figure]:
    """From the address to the wallet on the screen, warm; and the bytes of a first and of a repeat visit."""
    async with (
        demo_app(stage.folder / "app") as app,
        empty_app() as empty,
        visitor(app, _WALLET) as ours,
        visitor(empty, READY) as other,
    ):
        first = await _sign_in(ours, app.url)
        bare_first = await other.visit()
        await ours.visit()
        await other.visit()
        pairs = [(await ours.visit(), await other.visit()) for _ in range(3 if stage.quick else 9)]
    ratio = median(mine.milliseconds / its.milliseconds for mine, its in pairs)
    times = " and ".join(f"{median(visit.milliseconds for visit in way):,.0f} ms" for way in zip(*pairs, strict=True))
    work = median(mine.cpu / its.cpu for mine, its in pairs)
    spent = " and ".join(f"{median(visit.cpu for visit in way) * 1e3:,.0f} ms" for way in zip(*pairs, strict=True))
    again = median(mine.bytes for mine, _ in pairs)
    return [
        Figure("the wallet on the screen, warm", ratio, "x empty Flet app", 1.25, 1.0, "less", times),
        Figure("the same by processor time", work, "x empty Flet app", 1.25, 1.0, "less", spent),
        Figure("a first visit", first / 1e6, "MB", better="less", note=f"empty app {bare_first.bytes / 1e6:.2f} MB"),
        Figure("a repeat visit", again / 1e3, "KB", better="less"),
    ]


async def _sign_in(ours: Visitor, url: str) -> int:
    """The very first visit: one tap signs in; how many bytes came until the wallet stood there."""
    page: Page = await ours._context.new_page()
    network = await ours._context.new_cdp_session(page)
    came: list[int] = []
    network.on("Network.loadingFinished", lambda event: came.append(int(event["encodedDataLength"])))
    await network.send("Network.enable")
    await page.goto(f"{url}/demo")
    await page.wait_for_selector("flt-semantics-placeholder", state="attached", timeout=PATIENCE)
    await page.evaluate("document.querySelector('flt-semantics-placeholder').click()")
    await page.get_by_role("button", name="Ana Souza").first.evaluate("button => button.click()", timeout=PATIENCE)
    await page.get_by_role("button", name=_WALLET).first.wait_for(state="attached", timeout=PATIENCE)
    await page.close()
    return sum(came)


def _cpu(pids: list[int]) -> float:
    """Processor time of processes with all that they have started, and those have."""
    found, news = list(pids), pids
    while news:
        news = [child for pid in news for child in children(pid)]
        found += news
    return sum(own_seconds(pid) for pid in found)


def _process_of(folder: str) -> int:
    """The browser that has its profile in a folder; all its other processes come of it."""
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            said = (place / "cmdline").read_bytes()
            if f"--user-data-dir={folder}".encode() in said and b"--type=" not in said:
                return int(place.name)
    raise RuntimeError("the browser's process was not found")


def chromium() -> str:
    for name in (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name) if name else None
        if found:
            return found
    raise RuntimeError("No Chromium was found. Install one (Debian: apt install chromium), or name it: CHROMIUM=...")
