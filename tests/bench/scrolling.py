"""What scrolling through 10,000 purchases costs in a real browser, beside the same list of 100."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from uuid import UUID

import asyncpg
import httpx
from playwright.async_api import BrowserContext, Locator, Page, async_playwright

from api.core.security import MemberSession, claims_of
from api.core.tokens import Tokens
from api.database.connections import Connections
from api.database.pool import prepare_connection
from contract.members import Profile
from contract.sign_in import Session
from services.keys import Keys
from tests.bench.browser import FLAGS, PATIENCE, PHONE, chromium
from tests.bench.figures import Figure, measure
from tests.bench.pairs import cpu_seconds
from tests.bench.scale import load
from tests.bench.servers import SECRET_KEY, Served, api_server, client_app
from tests.bench.stage import Stage
from tests.bench.tabs import Preferences

_LONG, _SHORT = 10_000, 100
_PAGES, _TURNS = 24, 5
_FEW = 4
"""Pages whose time counts at each end of the list, of which the middle is told."""
_LEFT = 20
"""Lots that have something left."""
_SPENT = (
    """with newest as (select member_id, lot_id,
                              row_number() over (partition by member_id order by available_at desc) as place
                         from ledger.lot)
       update ledger.lot set remaining = 0 from newest
        where newest.place > $1 and (lot.member_id, lot.lot_id) = (newest.member_id, newest.lot_id)""",
    """update ledger.wallet set available = sums.available, pending = sums.pending
         from (select member_id, sum(remaining) filter (where released) as available,
                      coalesce(sum(remaining) filter (where not released), 0) as pending
                 from ledger.lot group by member_id having count(*) > $1) sums
        where wallet.member_id = sums.member_id""",
)
_NOTCHES, _NOTCH, _BETWEEN = 14, 400, 0.05
"""Turns of the wheel one way (the short list has room for them), pixels of each, seconds after each."""
_STAYS = 4
"""Looks in a row that find what stays."""
_FRAMES = """() => {
  window.frames = [];
  let last = performance.now();
  const next = now => { window.frames.push(now - last); last = now; window.asked = requestAnimationFrame(next); };
  window.asked = requestAnimationFrame(now => { last = now; window.asked = requestAnimationFrame(next); });
}"""
_TAKEN = "() => { cancelAnimationFrame(window.asked); return window.frames; }"
_KEEP = "kept => { for (const [key, text] of Object.entries(kept)) localStorage.setItem(key, text); }"


class List:
    """A member's list of purchases in a tab."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @classmethod
    async def open(cls, context: BrowserContext, app: Served, kept: dict[str, str]) -> List:
        """The list in a new tab of a browser in which the member is signed in."""
        page = await context.new_page()
        await page.add_init_script(f"({_KEEP})({json.dumps(kept)})")
        await page.goto(f"{app.url}/purchases")
        await page.wait_for_selector("flt-semantics-placeholder", state="attached", timeout=PATIENCE)
        await page.evaluate("document.querySelector('flt-semantics-placeholder').click()")
        await page.get_by_role("button", name="Centro").first.wait_for(state="attached", timeout=PATIENCE)
        await page.mouse.move(PHONE["width"] / 2, PHONE["height"] / 2)
        return cls(page)

    @property
    def _older(self) -> Locator:
        return self.page.get_by_role("button", name="Show older")

    async def to_the_end(self) -> None:
        """Turn the wheel until the way to older purchases stays on the screen: rows that are laid out push it away."""
        async with asyncio.timeout(PATIENCE / 1e3):
            seen = 0
            while seen < _STAYS:
                seen = seen + 1 if await self._older.count() else 0
                if not seen:
                    await self.page.mouse.wheel(0, 4_000)
                await asyncio.sleep(_BETWEEN)

    async def older(self) -> float:
        """Ask for the next page; milliseconds until its rows have taken the button's place."""
        began = time.perf_counter()
        button = await self._older.element_handle(timeout=PATIENCE)
        assert button is not None
        top = (await button.bounding_box() or {"y": 0})["y"]
        await button.evaluate("button => button.click()")
        gone = "([button, top]) => !button.isConnected || button.getBoundingClientRect().top > top + 100"
        await self.page.wait_for_function(gone, arg=[button, top], timeout=PATIENCE)
        return (time.perf_counter() - began) * 1e3

    async def frames(self) -> list[float]:
        """Milliseconds between the browser's frames while the wheel turns: from the end upwards, and down again."""
        await self.page.bring_to_front()
        await self.page.evaluate(_FRAMES)
        for notch in [-_NOTCH] * _NOTCHES + [_NOTCH] * _NOTCHES:
            await self.page.mouse.wheel(0, notch)
            await asyncio.sleep(_BETWEEN)
        taken: list[float] = await self.page.evaluate(_TAKEN)
        return taken


@dataclass(frozen=True, slots=True)
class Paging:
    """Milliseconds until each next page stood there, and processor seconds of app and API for all of them."""

    waits: list[float]
    cpu: float


@measure("scrolling")
async def many_purchases(stage: Stage) -> list[Figure]:
    """10,000 purchases opened and paged down on a phone, then scrolled in turns with a list of 100."""
    pages, turns = (_FEW, 1) if stage.quick else (_PAGES, _TURNS)
    async with stage.database("scrolling") as connections:
        members = await _seed(connections)
        async with (
            api_server(connections.owner_dsn) as api,
            client_app(stage.folder / "scrolling", api.url) as app,
            _browser() as long_context,
            _browser() as short_context,
        ):
            long = await List.open(long_context, app, await _signed_in(api, *members[0]))
            short = await List.open(short_context, app, await _signed_in(api, *members[1]))
            paged = await _page_down(long, [app.pid, api.pid], pages)
            await _page_down(short, [app.pid, api.pid], 2)
            pairs = [(await long.frames(), await short.frames()) for _ in range(turns)]
    ratio = median(_p95(ours) / _p95(other) for ours, other in pairs)
    intervals = " and ".join(f"{median(_p95(way) for way in ways):,.0f} ms" for ways in zip(*pairs, strict=True))
    first, last = median(paged.waits[:_FEW]), median(paged.waits[-_FEW:])
    note = f"{first:,.0f} ms for the first, {last:,.0f} for the last of {pages}"
    return [
        Figure("scrolling 10,000 purchases, p95 between frames", ratio, "x 100 of them", 1.5, 1.0, "less", intervals),
        Figure("processor time to show older purchases", paged.cpu / pages * 1e3, "ms a page", better="less"),
        Figure("from the list's end to older purchases", median(paged.waits), "ms", better="less", note=note),
    ]


async def _page_down(listed: List, pids: list[int], pages: int) -> Paging:
    waits = []
    await listed.page.bring_to_front()
    before = cpu_seconds(pids)
    for _ in range(pages):
        await listed.to_the_end()
        waits.append(await listed.older())
    return Paging(waits, cpu_seconds(pids) - before)


async def _seed(connections: Connections) -> list[tuple[UUID, UUID]]:
    """A member with the long list and one with the short, who have spent all but the newest of it.

    Their ids, each with the programme's.
    """
    connection = await asyncpg.connect(connections.owner_dsn)
    now = datetime.now(UTC)
    try:
        await prepare_connection(connection)
        for number, purchases in enumerate((_LONG, _SHORT)):
            await load(connection, 1, 3 * purchases - 2, now, first=number)
        for statement in _SPENT:
            await connection.execute(statement, _LEFT)
        found = await connection.fetch("select member_id, programme_id from member order by member_number")
    finally:
        await connection.close()
    return [(each["member_id"], each["programme_id"]) for each in found]


async def _signed_in(api: Served, member: UUID, programme: UUID) -> dict[str, str]:
    """What the browser of a member who signed in before keeps."""
    claims = claims_of(MemberSession(member, programme, member))
    token = Tokens(SECRET_KEY.encode()).access(claims, datetime.now(UTC))
    async with httpx.AsyncClient(base_url=api.url, timeout=30) as http:
        answer = (await http.get("/v1/me", headers={"Authorization": f"Bearer {token}"})).raise_for_status()
    profile = Profile.model_validate_json(answer.content)
    vault = Preferences()
    await Keys(vault).take(
        Session(access_token=token, refresh_token=token, expires_in=900, kind="member", member=profile)
    )
    return {f"flutter.{key}": json.dumps(text) for key, text in vault.kept.items()}


@asynccontextmanager
async def _browser() -> AsyncIterator[BrowserContext]:
    with tempfile.TemporaryDirectory(prefix="kierto-bench-") as folder:
        async with async_playwright() as play:
            context = await play.chromium.launch_persistent_context(
                Path(folder), executable_path=chromium(), args=list(FLAGS), viewport=PHONE
            )
            try:
                yield context
            finally:
                await context.close()


def _p95(intervals: list[float]) -> float:
    return quantiles(intervals, n=20)[-1]
