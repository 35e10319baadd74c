"""The main job: staff scan a shopper, the shopper sees the cashback."""

from __future__ import annotations

import re
import time

from tests.e2e.conftest import Visit
from tests.e2e.process import Running
from tests.e2e.screen import Screen

CODE = r"(?:\d ){18}\d"
"""The 19 digits as a screen reader says them."""


async def be(visit: Visit, url: str, who: str, **how) -> Screen:
    """Someone of the demo, by one tap."""
    screen = await visit(url + "/demo", **how)
    await screen.tap(who)
    return screen


async def show_code(shopper: Screen) -> str:
    """The digits on the shopper's screen; not one that is about to change."""
    await shopper.tap("Show my code")
    found = await shopper.reads(CODE)
    left = re.search(r"New code in (\d+) s", await shopper.said())
    if left is not None and int(left.group(1)) < 4:
        await shopper.sees_no(found.group(0))
        found = await shopper.reads(CODE)
    return found.group(0).replace(" ", "")


async def test_the_shopper_sees_the_cashback_while_still_at_the_till(kierto: Running, visit: Visit, capsys):
    shopper = await be(visit, kierto.url, "Ana Souza")
    cashier = await be(visit, kierto.url, "Leo", desktop=True)
    await cashier.sees("Scan or type a code")
    digits = await show_code(shopper)
    await cashier.scan("KIERTO" + digits)
    await cashier.sees("Ana Souza", "available")
    await shopper.tap("Close")
    await shopper.sees("Show my code")

    await cashier.page.keyboard.type("64", delay=20)
    await cashier.press("Enter")
    await cashier.page.keyboard.type("22.5", delay=20)
    await cashier.press("Enter")
    await cashier.sees("86.50", "Earns", "May spend")
    pressed = time.monotonic()
    await cashier.press("F9")
    await shopper.sees("R$86.50, earned")
    seen = time.monotonic() - pressed
    with capsys.disabled():
        print(f"\nfrom the cashier's confirm to the shopper's screen: {seen * 1000:.0f} ms")
    await cashier.sees("New balance", "Next customer")
    earned = (await cashier.reads(r"Ana Souza earned (R\$[\d.]+)")).group(1)
    await shopper.sees(f"R$86.50, earned {earned}")

    await shopper.tap("Purchases")
    await shopper.opens("Centro, Today", "64.00")
    await shopper.sees("Food", "22.50", "%")
    await cashier.press("Enter")
    await cashier.sees("Scan or type a code")
