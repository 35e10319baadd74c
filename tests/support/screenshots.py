"""Every screen as a picture: `make screenshots`, or `python -m tests.support.screenshots --url .. --only wallet,code`.

One visitor for each theme and language; every screen is opened once and photographed at each width. Pictures go to
``screenshots/<screen>-<width>-<theme>-<language>.png``, and contact sheets of them to ``screenshots/sheets/``.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, BrowserContext, async_playwright

from tests.e2e import people
from tests.e2e.conftest import FLAGS, NAMES
from tests.e2e.process import Running, run_app
from tests.e2e.screen import Screen

OUT = Path(__file__).resolve().parents[2] / "screenshots"
SIZES = {390: 844, 768: 1024, 1280: 800}
LOCALES = {"en": "en-GB", "ru": "ru-RU"}
_CALM = """() => {
  const host = document.querySelector('flt-semantics-host');
  const said = host ? host.innerText + [...host.querySelectorAll('[aria-label]')].map(e => e.ariaLabel) : '';
  return said.length > 12 && !/Working|Loading/.test(said) ? said + host.innerHTML : '';
}"""


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
    made: list[Path] = field(default_factory=list)

    async def shoot(self, name: str, route: str | None = None) -> None:
        """Open a screen and photograph it at each width."""
        if self.wanted and name not in self.wanted:
            return
        if route is not None:
            await self.screen.go(self.url + route.format(**self.ids))
        for width in self.sizes:
            await self.screen.page.set_viewport_size({"width": width, "height": SIZES[width]})
            await self.laid_out(name, width)
            await self.calm()
            path = OUT / f"{name}-{width}-{self.theme}-{self.language}.png"
            await self.painted(path)
            self.made.append(path)

    async def painted(self, path: Path) -> None:
        """Take the picture; again where a slow machine has not painted yet what it knows already."""
        for _ in range(8):
            await self.screen.page.screenshot(path=path)
            if not is_blank(path):
                return
            await asyncio.sleep(1)

    async def laid_out(self, name: str, width: int) -> None:
        """Wait until the app has drawn for this width: the window tells the server, which draws anew."""
        if name in FRAMELESS:
            await asyncio.sleep(1)
            return
        kind = "compact" if width < 600 else "medium" if width < 840 else "expanded"
        mark = f"[flt-semantics-identifier=width-{kind}]"
        await self.screen.page.wait_for_selector(mark, state="attached", timeout=30_000)

    async def calm(self, quiet: float = 0.6, most: float = 15) -> None:
        """Wait until nothing has changed for a moment; what counts down never stops, so not for ever."""
        end, before, since = time.monotonic() + most, "", time.monotonic()
        while time.monotonic() < end:
            now = re.sub(r"\d+", "", await self.screen.page.evaluate(_CALM))
            if now != before:
                before, since = now, time.monotonic()
            elif now and time.monotonic() - since > quiet:
                return
            await asyncio.sleep(0.1)


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
    "missing": "/nothing-here",
}
STAFF = {
    "till": "/till",
    "till-refund": "/till/refund",
    "till-refund-one": "/till/refund/{sold}",
    "till-day": "/till/day",
    "till-queue": "/till/queue",
    "till-join": "/till/join",
}
MANAGER = {
    "manage": "/till/manage",
    "manage-reviews": "/till/manage/reviews",
    "manage-staff": "/till/manage/staff",
    "manage-catalogue": "/till/manage/catalogue",
    "manage-settings": "/till/manage/settings",
    "manage-trail": "/till/manage/trail",
}
NOBODY = {"demo": "/demo", "sign-in": "/sign-in", "sign-in-staff": "/sign-in/staff"}
"""Screens by who sees them: a name, and the link that leads there."""


FRAMELESS = {*NOBODY, "code", "missing"}
"""Those without the bar or the rail, which say for which width they were drawn."""


async def shopper(visit: Visit) -> None:
    for name, route in SHOPPER.items():
        await visit.shoot(name, route)


async def nobody(visit: Visit) -> None:
    for name, route in NOBODY.items():
        await visit.shoot(name, route)


async def staff(visit: Visit) -> None:
    for name, route in STAFF.items():
        await visit.shoot(name, route)
    if visit.wanted and not visit.wanted & {"till-basket", "till-receipt"}:
        return
    ana = await people.sign_in(visit.url, "ana")
    await visit.screen.go(visit.url + "/till")
    await visit.calm()
    await visit.screen.scan(people.code_now(ana))
    await visit.screen.sees("Ana S")
    await visit.screen.page.keyboard.type("64", delay=20)
    await visit.screen.press("Enter")
    await visit.screen.reads(r"64[.,]00")
    await visit.shoot("till-basket")
    await visit.screen.press("F9")
    await visit.screen.page.wait_for_url("**/till/receipt/**", timeout=30_000)
    await visit.shoot("till-receipt")


async def manager(visit: Visit) -> None:
    for name, route in MANAGER.items():
        await visit.shoot(name, route)


PARTS: dict[str, tuple[str, Callable[[Visit], Awaitable[None]]]] = {
    "nobody": ("", nobody),
    "shopper": ("Ana Souza", shopper),
    "staff": ("Leo", staff),
    "manager": ("Marta", manager),
}


async def enter(browser: Browser, url: str, theme: str, language: str, name: str) -> tuple[BrowserContext, Screen]:
    """A new visitor, signed in as one of the demo's people where a name is given."""
    context = await browser.new_context(
        viewport={"width": 390, "height": 844},
        color_scheme="dark" if theme == "dark" else "light",
        locale=LOCALES[language],
    )
    screen = await Screen.open(context, f"{url}/demo")
    if name:
        await screen.sees(name, within=120_000)
        await screen.tap(name)
        await screen.page.wait_for_url(lambda at: "/demo" not in at, timeout=120_000)
    return context, screen


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
        "terms": f"{why['campaign_id']}@{why['campaign_version']}",
        "offer": next((each for each in offers if each["needs_activation"]), offers[0])["offer_id"],
    }


def sheets(made: list[Path]) -> list[Path]:
    """Contact sheets: all screens of one width, theme and language together."""
    folder = OUT / "sheets"
    folder.mkdir(exist_ok=True)
    groups: dict[str, list[Path]] = {}
    for path in sorted(made):
        groups.setdefault("-".join(path.stem.rsplit("-", 3)[1:]), []).append(path)
    done = []
    for name, paths in groups.items():
        width = 300 if name.startswith("390") else 420 if name.startswith("768") else 640
        small = [_shrunk(path, width) for path in paths]
        columns = max(1, 1900 // width)
        height = max(each.height for each in small)
        page = Image.new("RGB", (columns * (width + 8), -(-len(small) // columns) * (height + 8)), "#888")
        for at, each in enumerate(small):
            page.paste(each, (at % columns * (width + 8), at // columns * (height + 8)))
        done.append(folder / f"{name}.png")
        page.save(done[-1])
    return done


def is_blank(path: Path) -> bool:
    """Whether nearly all of a picture is of one colour."""
    small = Image.open(path).convert("RGB").resize((120, 120), Image.Resampling.NEAREST)
    most = max(count for count, _ in small.getcolors(120 * 120) or [])
    return most > 0.93 * 120 * 120


def _shrunk(path: Path, width: int) -> Image.Image:
    picture = Image.open(path).convert("RGB")
    return picture.resize((width, picture.height * width // picture.width), Image.Resampling.LANCZOS)


async def run(url: str, chosen: argparse.Namespace) -> tuple[list[Path], list[str]]:
    """All pictures of a running demo, and which visitors did not get to their end."""
    OUT.mkdir(exist_ok=True)
    ids = await known(url)
    wanted = frozenset(filter(None, chosen.only.split(",")))
    chromium = next(filter(None, (shutil.which(name) for name in NAMES)))
    made: list[Path] = []
    failed: list[str] = []

    async def one(browser: Browser, part: str, theme: str, language: str) -> None:
        name, pictures = PARTS[part]
        try:
            context, screen = await enter(browser, url, theme, language, name)
            visit = Visit(screen, url, theme, language, chosen.sizes, wanted, ids)
            try:
                await pictures(visit)
            finally:
                made.extend(visit.made)
                await context.close()
        except Exception as error:  # the others go on; what is missing is named
            failed.append(f"{part} {theme} {language}")
            print(f"{failed[-1]}: {error!s:.400}", file=sys.stderr)

    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=chromium, args=list(FLAGS))
        for part in chosen.parts:
            for language in chosen.languages:
                await asyncio.gather(*(one(browser, part, theme, language) for theme in chosen.themes))
        await browser.close()
    return made, failed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="", help="a running demo; else one is started")
    parser.add_argument("--only", default="", help="names of screens, with commas")
    parser.add_argument("--parts", nargs="+", default=list(PARTS))
    parser.add_argument("--themes", nargs="+", default=["light", "dark"])
    parser.add_argument("--languages", nargs="+", default=["en", "ru"])
    parser.add_argument("--sizes", nargs="+", type=int, default=list(SIZES))
    chosen = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kierto-screenshots-") as folder:
        running: Running | None = None if chosen.url else run_app(Path(folder))
        try:
            made, failed = asyncio.run(run(chosen.url or running.url, chosen))  # type: ignore[union-attr]
        finally:
            if running is not None:
                running.stop()
    for sheet in sheets(made):
        print(sheet)
    print(f"{len(made)} pictures in {time.monotonic() - began:.0f} s")
    if failed:
        sys.exit(f"not all: {', '.join(failed)}")


if __name__ == "__main__":
    main()
