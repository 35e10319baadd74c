"""Everything in one process is stopped and started again under an open page: the page comes back by itself."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from tests.e2e.conftest import Visit
from tests.e2e.process import run_app
from tests.e2e.screen import Screen
from tests.e2e.test_main_job import be

_TRIES = 8


async def lives(shopper: Screen) -> bool:
    """Whether a tap does something; on a page whose server is just coming back it does nothing yet."""
    for _ in range(_TRIES):
        with suppress(Exception):
            await shopper.tap("Wallet")
            await shopper.sees("Show my code", within=3_000)
            return True
    return False


async def test_an_open_page_outlives_a_restart_of_everything(tmp_path_factory, visit: Visit):
    folder: Path = tmp_path_factory.mktemp("restart")
    first = run_app(folder)
    port = first.url.rsplit(":", 1)[1]
    shopper = await be(visit, first.url, "Bruno Lima")
    await shopper.sees("available", "Show my code")
    await shopper.tap("Purchases")
    await shopper.sees("Webshop")
    assert first.stop() == 0, "\n".join(first.lines)
    second = run_app(folder, KIERTO_PORT=port)
    try:
        assert await lives(shopper), await shopper.said()
    finally:
        assert second.stop() == 0, "\n".join(second.lines)
    assert not any("Traceback" in line for line in second.lines), "\n".join(second.lines)
