"""What a newcomer does without help, on a phone and at a desk; and every screen as assistive technology meets it."""

from __future__ import annotations

import asyncio
import json

import pytest

from tests.e2e import people
from tests.e2e.conftest import Visit
from tests.e2e.process import Running
from tests.e2e.screen import PATIENCE, Screen
from tests.e2e.test_main_job import CODE, be

PLACES = {
    "/": "Show my code",
    "/offers": "Search offers",
    "/offers/bakery": "What you get",
    "/purchases": "Search purchases",
    "/purchases/{purchase}": "What you bought",
    "/terms/base@1": "What you get",
    "/statement": "Download PDF",
    "/me": "Member number",
    "/me/profile": "Your name",
    "/me/devices": "Each of these can show your code",
    "/me/privacy": "What we keep, and why",
    "/me/consents": "What we may send",
    "/me/leave": "If you leave",
    "/me/claims": "A purchase is missing",
    "/me/claims/new": "Which purchase is missing?",
    "/me/terms": "You have accepted this version.",
    "/me/help": "How do I earn cashback?",
    "/code": "New code in",
}
_WALK = """() => {
  const roles = new Set(['button', 'tab', 'link', 'checkbox', 'radio', 'menuitem', 'switch', 'slider', 'textbox']);
  const faults = [], seen = [];
  for (const e of document.querySelectorAll('flt-semantics-host *')) {
    const role = e.getAttribute('role') || (e.tagName === 'INPUT' || e.tagName === 'TEXTAREA' ? 'textbox' : '');
    const tappable = roles.has(role) || e.hasAttribute('flt-tappable');
    if (!tappable) continue;
    const name = (e.getAttribute('aria-label') || e.innerText || '').trim();
    const box = e.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    const at = `${role || 'no role'} "${name.slice(0, 40)}"`;
    seen.push(name);
    if (!name) faults.push(`${at} has no name`);
    if (!roles.has(role)) faults.push(`${at} has no role`);
    // what scrolls is cut at the edge of its list: above the bar below, or beside the margin
    const inside = box.left >= 0 && box.top >= 0 && box.right < innerWidth - 18 && box.bottom < innerHeight - 84;
    if (inside && (box.width < 47.5 || box.height < 47.5) && role !== 'textbox')
      faults.push(`${at} is ${Math.round(box.width)} by ${Math.round(box.height)}`);
  }
  return JSON.stringify({faults, seen});
}"""


_FOCUSED = """name => {
  const e = document.activeElement;
  return (e?.getAttribute('aria-label') || e?.innerText || '').startsWith(name);
}"""


async def walk(screen: Screen) -> tuple[list[str], list[str]]:
    """What is wrong with the controls of a screen, and their names in order."""
    told = json.loads(await screen.page.evaluate(_WALK))
    return told["faults"], told["seen"]


@pytest.fixture(params=["phone", "desktop"])
def desktop(request: pytest.FixtureRequest) -> bool:
    return request.param == "desktop"


async def test_a_newcomer_finds_her_way_alone(kierto: Running, visit: Visit, desktop: bool):
    ana = await be(visit, kierto.url, "Ana Souza", desktop=desktop)
    await ana.sees("available", "Cashback by month" if desktop else "Show my code")

    # why a purchase earned what it did, and the terms of that day
    await ana.tap("Purchases")
    await ana.sees("Search purchases")
    await ana.opens("Centro, ", "What you bought")
    await ana.reads(r"You earned R\$[\d.]+: [\d.]+% of")
    await ana.page.go_back()
    await ana.sees("Search purchases")

    # last month's statement
    await ana.go(kierto.url + "/statement")
    await ana.sees("Download PDF")
    await ana.tap("Last month")
    await ana.sees("Checked: every line adds up.")
    for name, start in (("Download PDF", b"%PDF-"), ("Download CSV", b"member_id,")):
        async with ana.page.expect_download(timeout=PATIENCE) as coming:
            await ana.tap(name)
        file = await coming.value
        with open(await file.path(), "rb") as content:  # noqa: ASYNC230, PTH123 - a small file of this machine
            assert content.read(len(start)) == start

    # the code, and the language
    await ana.go(kierto.url + "/code")
    await ana.reads(CODE)
    await ana.press("Escape")
    await ana.sees("Show my code")
    await ana.tap("Me")
    await ana.sees("Member number")
    await ana.tap("Русский")
    await ana.sees("Язык")
    await ana.tap("English")
    await ana.sees("Language")


async def test_at_a_desk_everything_goes_by_keyboard(kierto: Running, visit: Visit):
    ana = await be(visit, kierto.url, "Ana Souza", desktop=True)
    await ana.sees("available", "Cashback by month")
    for place in ("Wallet", "Offers", "Purchases", "Me", "Refresh"):  # the rail first, then what it shows
        await ana.press("Tab")
        await ana.page.wait_for_function(_FOCUSED, arg=place)
    await ana.press("?")
    await ana.sees("These keys")
    await ana.press("Escape")
    await ana.sees_no("These keys")
    await ana.press("3")
    await ana.sees("Search purchases")
    await ana.press("/")
    await ana.page.wait_for_function("() => document.activeElement?.getAttribute('aria-label') === 'Search purchases'")
    await ana.page.keyboard.type("webshop")
    await ana.sees_no("Centro, ")
    await ana.page.go_back()
    await ana.sees("Cashback by month")
    await ana.page.go_forward()
    await ana.sees("Search purchases")


async def test_every_control_has_a_name_a_role_and_room_for_a_finger(kierto: Running, visit: Visit):
    known = await people.sign_in(kierto.url, "ana")
    bought = (await people.purchases(kierto.url, known))[0]["purchase_id"]

    async def faults(*, desktop: bool) -> dict[str, list[str]]:
        ana = await be(visit, kierto.url, "Ana Souza", desktop=desktop)
        await ana.sees("available")
        found = {}
        for route, there in PLACES.items():
            await ana.moves(route.format(purchase=bought))
            await ana.sees(there)
            wrong, names = await walk(ana)
            if wrong or not names:
                found[route] = wrong or ["no control at all"]
        return found

    phone, desk = await asyncio.gather(faults(desktop=False), faults(desktop=True))
    assert (phone, desk) == ({}, {}), json.dumps([phone, desk], indent=1)
