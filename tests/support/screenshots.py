"""Every screen as a picture: `make screenshots`, or `python -m tests.support.screenshots --url .. --only wallet,code`.

One visitor for each theme and language; every screen is opened once and photographed at each width. Pictures go to
``screenshots/<screen>-<width>-<theme>-<language>.png`` (``--out`` names another folder), and contact sheets of them to
``screenshots/sheets/``. ``--readme`` makes the picture at the top of the README instead.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from tests.e2e import people
from tests.e2e.conftest import FLAGS, NAMES
from tests.e2e.process import run_api, run_app
from tests.support.pictures import sheets, showcase
from tests.support.visits import SIZES, Visit, enter, large, newcomer, offline
from tests.support.visits_till import manager, staff, supervisor, worked

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "docs" / "images" / "kierto.png"


SHOPPER = {
    "wallet": "/",
    "offers": "/offers",
    "offer": "/offers/{offer}",
    "purchases": "/purchases",
    "purchase": "/purchases/{purchase}",
    "purchase-returned": "/purchases/{returned}",
    "terms": "/terms/{terms}",
    "statement": "/statement",
    "code": "/code",
    "me": "/me",
    "me-profile": "/me/profile",
    "me-devices": "/me/devices",
    "me-data": "/me/privacy",
    "me-consents": "/me/consents",
    "me-leave": "/me/leave",
    "me-claims": "/me/claims",
    "me-claim": "/me/claims/new",
    "me-help": "/me/help",
    "me-terms": "/me/terms",
    "missing": "/nothing-here",
}
NOBODY = {"demo": "/demo", "sign-in": "/sign-in", "sign-in-staff": "/sign-in/staff", "help": "/help"}
"""Screens by who sees them: a name, and the link that leads there."""


async def shopper(visit: Visit) -> None:
    for name, route in SHOPPER.items():
        await visit.shoot(name, route)


async def nobody(visit: Visit) -> None:
    for name, route in NOBODY.items():
        await visit.shoot(name, route)


PARTS: dict[str, tuple[str, Callable[[Visit], Awaitable[None]]]] = {
    "nobody": ("", nobody),
    "shopper": ("Ana Souza", shopper),
    "staff": ("Leo", staff),
    "supervisor": ("Rosa", supervisor),
    "manager": ("Marta", manager),
    "newcomer": ("", newcomer),
    "large": ("Ana Souza", large),
    "offline": ("Ana Souza", offline),
}
OFFLINE = "offline"
"""The part whose visitors are there before the API goes, and photographed afterwards."""


async def known(url: str) -> dict[str, str]:
    """Ids that some links name."""
    ana = await people.sign_in(url, "ana")
    bought = await people.purchases(url, ana)
    plain = next(each for each in bought if not each["refunds"] and each["channel"] == "store")
    returned = next((each for each in bought if each["refunds"]), plain)
    why = next(reason for line in plain["lines"] for reason in line["why"] if reason["value"]["amount"])
    offers = await people.offers(url, ana)
    sold = next(each for each in bought if each["store"]["store_id"] == "centro" and not each["refunds"])
    return {
        "purchase": plain["purchase_id"],
        "returned": returned["purchase_id"],
        "sold": sold["purchase_id"],
        "shift": await worked(url),
        "terms": f"{why['campaign_id']}@{why['campaign_version']}",
        "offer": next((each for each in offers if each["needs_activation"]), offers[0])["offer_id"],
    }


class Album:
    """The pictures of one run, and who did not get to their end."""

    def __init__(self, browser: Browser, chosen: argparse.Namespace) -> None:
        self.browser, self.chosen = browser, chosen
        self.wanted = frozenset(filter(None, chosen.only.split(",")))
        self.made: list[Path] = []
        self.failed: list[str] = []

    async def part(self, part: str, url: str) -> None:
        """Everything that one kind of visitor sees of a running demo: both themes at once, a language at a time."""
        ids = await known(url)
        for language in self.chosen.languages:
            await people.speak(url, "ana", language)
            await asyncio.gather(*(self._one(part, url, theme, language, ids) for theme in self.chosen.themes))

    async def offline(self, folder: Path) -> None:
        """The same of an API and an app apart, of which the API goes when all visitors are there."""
        api = run_api(folder / "api")
        app = run_app(folder / "app", KIERTO_API_URL=api.url, KIERTO_DEMO="true")
        try:
            ids, gone = await known(api.url), asyncio.Event()
            who = [(theme, language) for language in self.chosen.languages for theme in self.chosen.themes]
            there = [asyncio.Event() for _ in who]
            visits = [
                asyncio.ensure_future(self._one(OFFLINE, app.url, *each, ids, there=here, go_on=gone))
                for each, here in zip(who, there, strict=True)
            ]
            await asyncio.gather(*(here.wait() for here in there))
            await asyncio.to_thread(api.stop)
            gone.set()
            await asyncio.gather(*visits)
        finally:
            app.stop()
            api.stop()

    async def _one(
        self,
        part: str,
        url: str,
        theme: str,
        language: str,
        ids: dict[str, str],
        *,
        there: asyncio.Event | None = None,
        go_on: asyncio.Event | None = None,
    ) -> None:
        name, pictures = PARTS[part]
        try:
            context, screen = await enter(self.browser, url, theme, language, name)
            visit = Visit(screen, url, theme, language, self.chosen.sizes, self.wanted, ids, self.chosen.out)
            try:
                if there is not None and go_on is not None:
                    await visit.calm()
                    there.set()
                    await go_on.wait()
                await pictures(visit)
            finally:
                self.made.extend(visit.made)
                self.failed.extend(visit.failed)
                await context.close()
        except Exception as error:  # whoever does not get in at all is named, too
            self.failed.append(f"{part} {theme} {language}")
            print(f"{self.failed[-1]}: {error!s:.400}", file=sys.stderr)
        finally:
            if there is not None:
                there.set()


async def readme(browser: Browser, url: str, folder: Path) -> Path:
    """A wallet on a phone and a till, before a purchase on a desktop, as one picture."""
    ids, shots = await known(url), {}
    await people.speak(url, "ana", "en")
    for name, width, who, pictures in (
        ("wallet", 390, "Ana Souza", shopper),
        ("purchase", 1280, "Ana Souza", shopper),
        ("till-basket", 390, "Leo", staff),
    ):
        context, screen = await enter(browser, url, "light", "en", who, sharp=2)
        shots[name] = folder / f"{name}-{width}-light-en.png"
        visit = Visit(screen, url, "light", "en", (width,), frozenset({name}), ids, folder)
        for _ in range(3):
            if not shots[name].exists():
                await pictures(visit)
        await context.close()
    showcase(shots["wallet"], shots["purchase"], shots["till-basket"], README)
    return README


async def run(chosen: argparse.Namespace, folder: Path) -> tuple[list[Path], list[str]]:
    """All pictures that were asked for, and which visitors did not get to their end."""
    chosen.out.mkdir(parents=True, exist_ok=True)
    chromium = next(filter(None, (shutil.which(name) for name in NAMES)))
    parts = [part for part in chosen.parts if part != OFFLINE]
    running = run_app(folder / "demo") if (parts or chosen.readme) and not chosen.url else None
    url = running.url if running is not None else chosen.url
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=chromium, args=list(FLAGS))
        album = Album(browser, chosen)
        try:
            if chosen.readme:
                return [await readme(browser, url, folder)], []
            for part in parts:
                await album.part(part, url)
        finally:
            if running is not None:
                await asyncio.to_thread(running.stop)
        if OFFLINE in chosen.parts:
            await album.offline(folder)
        await browser.close()
    return album.made, album.failed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="", help="a running demo; else one is started")
    parser.add_argument("--only", default="", help="names of screens, with commas")
    parser.add_argument("--parts", nargs="+", default=list(PARTS))
    parser.add_argument("--themes", nargs="+", default=["light", "dark"])
    parser.add_argument("--languages", nargs="+", default=["en", "ru"])
    parser.add_argument("--sizes", nargs="+", type=int, default=list(SIZES))
    parser.add_argument("--out", type=Path, default=ROOT / "screenshots")
    parser.add_argument("--readme", action="store_true", help="only the picture of the README")
    chosen = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kierto-screenshots-") as folder:
        made, failed = asyncio.run(run(chosen, Path(folder)))
    for sheet in [] if chosen.readme else sheets(made, chosen.out / "sheets"):
        print(sheet)
    print(f"{len(made)} pictures in {time.monotonic() - began:.0f} s")
    if failed:
        sys.exit(f"not all: {', '.join(failed)}")


if __name__ == "__main__":
    main()
