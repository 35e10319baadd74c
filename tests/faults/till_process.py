"""Tills as processes: a nursery that has loaded all there is to load, and forks a till for each line that it reads.

A till works through the plan in its folder, one customer after another, and says on its output what it has confirmed.
Killed and started again it goes on where it was: `progress` is what a cashier remembers.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from contract import member_code
from contract.basket import BasketLine
from services.client import Client, ClientConfig, Timing
from services.clock import SystemClock
from services.errors import Offline, Refused
from services.till import Draft, OfflineReceipt, Till
from services.vault import MemoryVault

TIMING = Timing(sync_every=5, poll_every=1, health_every=0.15, retry_first=0.03, retry_most=0.2)
Till.patience = 0.6


class WrongClock(SystemClock):
    """A till's clock that is off by so many seconds."""

    def __init__(self, off: float) -> None:
        self._off = timedelta(seconds=off)

    def now(self) -> datetime:
        return super().now() + self._off


class FileVault(MemoryVault):
    """A vault that outlives its process."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        if path.exists():
            self.kept = json.loads(path.read_text())

    async def set(self, key: str, value: str) -> None:
        await super().set(key, value)
        self._write()

    async def delete(self, key: str) -> None:
        await super().delete(key)
        self._write()

    def _write(self) -> None:
        new = self._path.with_suffix(".new")
        new.write_text(json.dumps(self.kept))
        new.replace(self._path)


class Cashier:
    """Works through a plan."""

    def __init__(self, client: Client, folder: Path, plan: dict[str, Any]) -> None:
        self.client, self.till, self.folder, self.plan = client, client.till, folder, plan

    @property
    def done(self) -> int:
        path = self.folder / "progress"
        return int(path.read_text() or 0) if path.exists() else 0

    def remember(self, done: int) -> None:
        new = self.folder / "progress.new"
        new.write_text(str(done))
        new.replace(self.folder / "progress")

    async def work(self) -> None:
        await self.take_up()
        for number in range(self.done, len(self.plan["sales"])):
            self.remember(number + 1)
            await self.serve(self.plan["sales"][number])
            await asyncio.sleep(self.plan["pause"])
        say("worked")
        while not (self.folder / "home").exists() or self.client.state.till.waiting:  # noqa: ASYNC110
            await asyncio.sleep(0.03)
        say("home")

    async def take_up(self) -> None:
        """What the last process left: a confirm without its answer, or a basket."""
        try:
            if await self.till.unfinished() is not None:
                tell(await self.till.resume())
            draft = await self.till.kept_draft()
            if draft is not None:
                tell(await self.till.confirm(draft, 0))
        except (Refused, Offline) as error:
            say("not taken up", why=str(error))
        await self.till.keep_draft(None)

    async def serve(self, sale: dict[str, Any]) -> None:
        try:
            found = await self.till.identify(self.code(sale))
        except (Refused, Offline) as error:
            say("turned away", why=str(error))
            return
        line = BasketLine(name="Bread", category="bakery", unit_price=sale["price"])
        draft = Draft(found.identification, found.member_name, "", (line,), self.client._clock.now())
        await self.till.keep_draft(draft)
        for _ in range(100):
            try:
                quote = await self.till.quote(draft)
                tell(await self.till.confirm(draft, min(sale["redeem"], quote.may_spend.amount)))
                break
            except Offline:  # before the first kit
                await asyncio.sleep(0.05)
            except Refused as error:
                say("refused", why=str(error))
                break
        await self.till.keep_draft(None)

    def code(self, sale: dict[str, Any]) -> str:
        """What the member's phone shows."""
        return member_code.make(self.plan["number"], sale["secret"], sale["step"]).text


def tell(receipt: Any) -> None:
    if receipt is not None:
        how = "queued" if isinstance(receipt, OfflineReceipt) else "posted"
        say("confirmed", number=receipt.receipt_number, total=receipt.total.amount, how=how)


def say(what: str, **more: Any) -> None:
    line = json.dumps({"till": NAME, "what": what, **more}) + "\n"
    os.write(1, line.encode())


NAME = ""


async def run(order: dict[str, Any]) -> None:
    global NAME  # noqa: PLW0603 - one till a process
    NAME = order["name"]
    folder = Path(order["folder"])
    plan = json.loads((folder / "plan.json").read_text())
    config = ClientConfig(api_url=order["url"], data_dir=folder, timing=TIMING)
    vault, clock = FileVault(folder / "vault.json"), WrongClock(order["clock_off"])
    client = await Client.open(config, vault, device_id="till", clock=clock)
    while client.state.kind != "staff":
        try:
            await client.sign_in_with_pin("centro", order["number"], order["pin"])
        except (Offline, Refused):
            await asyncio.sleep(0.05)
    while client.state.till.kit_at is None:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    say("ready")
    await Cashier(client, folder, plan).work()
    await client.close()


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    os.write(1, b'{"what": "nursery"}\n')
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                asyncio.run(run(order))
                code = 0
            finally:
                os._exit(code)
        os.write(1, (json.dumps({"till": order["name"], "what": "started", "pid": pid}) + "\n").encode())


if __name__ == "__main__":
    main()
