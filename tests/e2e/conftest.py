"""A real browser and a real server for these tests. A failed test leaves its screens in ``test-results/``."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, async_playwright

from tests.e2e.process import Running, run_app
from tests.e2e.screen import Screen

RESULTS = Path(__file__).resolve().parents[2] / "test-results"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-swiftshader",
    "--force-prefers-reduced-motion",
)
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}

Visit = Callable[..., Awaitable[Screen]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    item.stash.setdefault(REPORTS, {})[report.when] = report.failed
    return report


REPORTS: pytest.StashKey[dict[str, bool]] = pytest.StashKey()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where a Chromium is: ``CHROMIUM``, or on the PATH."""
    for name in (os.environ.get("CHROMIUM", ""), *NAMES):
        found = shutil.which(name) if name else None
        if found:
            return found
    pytest.fail("No Chromium was found. Install one (Debian: apt install chromium), or name it: CHROMIUM=/path/to/it")


@pytest.fixture(scope="module")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """One browser for a file; each visitor has a context of their own."""
    async with async_playwright() as play:
        started = await play.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield started
        await started.close()


@pytest.fixture(scope="module")
def kierto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """`python main.py` in demo mode: database, API and app on one port, while a file of tests needs it."""
    running = run_app(tmp_path_factory.mktemp("kierto"))
    yield running
    assert running.stop() == 0, "it did not end in good order:\n" + "\n".join(running.lines)


@pytest.fixture
async def visit(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Visit]:
    """``await visit(url)``: a new visitor, on a phone or with ``desktop=True``; their screens are kept on failure."""
    contexts: list[BrowserContext] = []
    screens: list[Screen] = []

    async def come(url: str, *, desktop: bool = False, within: Browser | None = None) -> Screen:
        context = await (within or browser).new_context(viewport=DESKTOP if desktop else PHONE)
        contexts.append(context)
        screen = await Screen.open(context, url)
        screens.append(screen)
        return screen

    yield come
    if request.node.stash.get(REPORTS, {}).get("call"):
        RESULTS.mkdir(exist_ok=True)
        name = re.sub(r"\W+", "-", request.node.name)
        for number, screen in enumerate(screens, 1):
            await screen.page.screenshot(path=RESULTS / f"{name}-{number}.png")
            (RESULTS / f"{name}-{number}.txt").write_text(f"{screen.page.url}\n{await screen.said()}")
        for running in Running.all:
            (RESULTS / f"{name}-server-{running.process.pid}.txt").write_text("\n".join(running.lines))
    for context in contexts:
        await context.close()
