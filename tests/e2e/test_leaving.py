"""A newcomer joins, takes all data along, leaves, and changes her mind: in a real browser, on a phone and at a desk."""

from __future__ import annotations

import asyncio
import io
import json
import re
import zipfile

import httpx
import pytest

from tests.e2e.conftest import Visit
from tests.e2e.process import Running
from tests.e2e.screen import Screen


async def latest_code(http: httpx.AsyncClient) -> str:
    """The digits of the latest mail; empty where there is none."""
    found = re.search(r"\b\d{6}\b", (await http.get("/demo/inbox")).text)
    return found[0] if found else ""


async def newest_code(url: str, *, after: str = "") -> str:
    """The digits of the newest mail, once it is another than before."""
    async with httpx.AsyncClient(base_url=url, timeout=30) as http:
        for _ in range(300):
            if (code := await latest_code(http)) not in ("", after):
                return code
            await asyncio.sleep(0.1)
    raise AssertionError("no new mail came")


@pytest.mark.parametrize("desktop", [False, True], ids=["phone", "desktop"])
async def test_leave_and_take_all_data_along(kierto: Running, visit: Visit, desktop: bool):
    contact = f"nova{int(desktop)}@example.com"
    async with httpx.AsyncClient(base_url=kierto.url, timeout=30) as http:
        before = await latest_code(http)
    shopper: Screen = await visit(f"{kierto.url}/sign-in", desktop=desktop)
    await shopper.fill("E-mail or phone", contact)
    await shopper.tap("Send me a code")
    await shopper.sees("Enter your code")
    first = await newest_code(kierto.url, after=before)
    await shopper.fill("6-digit code", first)
    await shopper.sees("Nice to meet you", "The terms of Aurora Mercado")
    await shopper.fill("What shall we call you?", "Nova")
    await shopper.tap("Accept and join")
    await shopper.sees("Show my code")

    await shopper.go(f"{kierto.url}/me/leave")
    await shopper.sees("If you leave", "You have 14 days")
    await shopper.tap("Get a copy of everything")
    await shopper.sees("It stays here until")
    async with shopper.page.expect_download() as saving:
        await shopper.tap("Download")
    content = (await (await saving.value).path()).read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        everything = json.loads(packed.read("everything.json"))
        assert {"profile.html", "purchases.html", "movements.csv"} <= set(packed.namelist())
    assert (everything["profile"]["name"], everything["profile"]["email"]) == ("Nova", contact)

    await shopper.tap("Delete my account")
    await shopper.sees("Is it you?")
    await shopper.fill("6-digit code", await newest_code(kierto.url, after=first))
    await shopper.tap("Delete my account")
    await shopper.sees("You asked to leave")
    await shopper.reload()
    await shopper.sees("You asked to leave")
    await shopper.tap("Stay after all")
    await shopper.sees_no("You asked to leave")
