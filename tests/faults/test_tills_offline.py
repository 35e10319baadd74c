"""Two tills and a member on a network that loses, delays, doubles and reorders, while tills and the API are killed,
and while a till's clock is hours off.

In the end every confirmed receipt is in the ledger once, or is a conflict that a cashier is shown once.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sqlite3
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from api.core.clock import SystemClock
from api.core.tokens import Tokens
from api.database.pool import Database
from contract import member_code
from tests.faults.house import House
from tests.faults.serving import ROOT
from tests.faults.unkind_proxy import UnkindProxy
from tests.support import people
from tests.support.fixtures import SECRET_KEY

SALES, PHONES = 6, 3
_KILLS = 4
"""How often a till dies in a round, at most: on a slow machine it would do nothing but die."""
_CLOCKS = (0, 0, 0, -93_600, -7_200, 10_800, 93_600)
"""Seconds that a till's clock is off in a round."""
_LIMITS = {"offline": {"spend_per_member": 400, "spend_per_till": 100_000}}


@dataclass
class Till:
    """One till: its folder, its line to the API, and what it has said."""

    name: str
    folder: Path
    proxy: UnkindProxy
    number: str
    pid: int = 0
    clock_off: int = 0
    before: set[str] = field(default_factory=set)
    said: list[dict[str, Any]] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def order(self) -> dict[str, Any]:
        own = {"name": self.name, "folder": str(self.folder), "url": self.proxy.url}
        return own | {"number": self.number, "pin": "2468", "clock_off": self.clock_off}

    def has_said(self, what: str, since: int = 0) -> bool:
        return any(each["what"] == what for each in self.said[since:])

    async def says(self, what: str, since: int = 0, within: float = 150) -> None:
        async with asyncio.timeout(within):
            while not self.has_said(what, since):
                self.heard.clear()
                await self.heard.wait()

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def queue(self) -> list[dict[str, Any]]:
        """What stands in its book."""
        found = []
        for path in self.folder.rglob("till-*.sqlite3"):
            with closing(sqlite3.connect(path)) as db:
                db.row_factory = sqlite3.Row
                found += [dict(row) for row in db.execute("select * from queue order by seq")]
        assert not list(self.folder.rglob("*.broken-*"))
        return found


@dataclass
class Nursery:
    """The process that forks tills."""

    process: asyncio.subprocess.Process
    tills: dict[str, Till] = field(default_factory=dict)

    async def start(self, till: Till) -> None:
        since = len(till.said)
        assert self.process.stdin is not None
        self.process.stdin.write((json.dumps(till.order) + "\n").encode())
        await self.process.stdin.drain()
        await till.says("started", since)

    async def listen(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            said = json.loads(line)
            till = self.tills.get(said.get("till", ""))
            if till is None:
                continue
            if said["what"] == "started":
                till.pid = said["pid"]
            till.said.append(said)
            till.heard.set()


@pytest.fixture
async def nursery() -> AsyncIterator[Nursery]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-u",
        "-m",
        "tests.faults.till_process",
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    made = Nursery(process)
    listening = asyncio.create_task(made.listen())
    yield made
    for till in made.tills.values():
        till.kill()
    assert process.stdin is not None
    process.stdin.close()
    await asyncio.wait_for(process.wait(), 20)
    await listening


@pytest.fixture
async def database(house: House) -> AsyncIterator[Database]:  # the house's, not the test's own
    opened = await Database.open(house.connections, size=2)
    yield opened
    await opened.close()


@pytest.fixture
async def store(house: House, nursery: Nursery, database: Database, folder: Path, rng: random.Random):
    async with house.owner() as owner:
        await owner.execute(
            """insert into programme_rules (programme_id, version, starts_at, body, created_at)
               select programme_id, 2, created_at, $1, created_at from programme""",
            json.dumps(_LIMITS),
        )
        await owner.execute(
            "update programme set rules = $1, rules_version = 2, offers_version = offers_version + 1",
            json.dumps(_LIMITS),
        )
    tills = []
    for name in ("a", "b"):
        proxy = await UnkindProxy(int(house.url.rsplit(":", 1)[1]), rng).start()
        staff = await people.make_staff(database, SystemClock(), programme=programme_of(house))
        path = folder / f"till-{name}-{rng.randrange(10**9)}"
        path.mkdir()
        tills.append(Till(name, path, proxy, staff.staff_number))
    nursery.tills = {till.name: till for till in tills}
    yield tills
    for till in tills:
        till.kill()
        await till.proxy.stop()


def programme_of(house: House) -> people.TestProgramme:
    return people.TestProgramme(house.members[0].programme_id, "aurora")


async def plan(house: House, database: Database, tills: list[Till], rng: random.Random) -> people.TestMember:
    """A member with phones of her own, and what she buys at both tills; one code is shown at both."""
    clock, key = SystemClock(), SECRET_KEY.encode()
    member = await people.make_member(database, clock, programme=programme_of(house))
    state = {"database": database, "clock": clock, "tokens": Tokens(key), "signing_key": key}
    app = type("App", (), {"state": type("State", (), state)})
    phones = [await people.sign_in_member(app, member) for _ in range(2 * PHONES + 1)]
    step = member_code.step_at(clock.now().timestamp())
    shared = {"secret": phones[-1].code_secret, "step": step - 3}
    for index, till in enumerate(tills):
        sales = [
            {
                "price": 10_000 * (index + 1) + 100 * number,
                "secret": phones[index * PHONES + number % PHONES].code_secret,
                "step": step - number // PHONES,  # all but the first are shown a little late
                "redeem": rng.choice((0, 0, 300)),
            }
            for number in range(SALES)
        ]
        sales[rng.randrange(SALES)] |= {**shared, "redeem": 0}
        pause = rng.uniform(0.0, 0.1)
        text = json.dumps({"number": member.member_number, "sales": sales, "pause": pause})
        (till.folder / "plan.json").write_text(text)
        for name in ("home", "progress"):
            (till.folder / name).unlink(missing_ok=True)
        till.said.clear()
        till.clock_off = rng.choice(_CLOCKS)
        till.before = {row["key"] for row in till.queue()}
    return member


async def disturb(nursery: Nursery, till: Till, rng: random.Random) -> None:
    """Cut and join the network, and kill the till, at instants of the dice, until it has served everybody."""
    kills = 0
    while not till.has_said("worked"):
        await asyncio.sleep(rng.uniform(0.02, 0.35))
        match rng.choices(("cut", "join", "kill"), (4, 3, 2))[0]:
            case "cut":
                till.proxy.down = True
            case "join":
                till.proxy.down = False
            case "kill" if kills < _KILLS and till.has_said("ready"):
                kills += 1
                till.kill()
                await nursery.start(till)
        if not till.has_said("ready"):
            till.proxy.down = False  # a till that was never on the network cannot begin


async def one_round(
    house: House, database: Database, nursery: Nursery, tills: list[Till], rng: random.Random, *, kill_api: bool
) -> Counter[str]:
    member = await plan(house, database, tills, rng)
    for till in tills:
        till.proxy.kind = till.proxy.down = False
        await nursery.start(till)
    troubles = [asyncio.create_task(disturb(nursery, till, rng)) for till in tills]
    if kill_api:
        await asyncio.sleep(rng.uniform(0.1, 1.0))
        house.serving.kill()
        await asyncio.to_thread(house.serving.start)
    async with asyncio.timeout(150):
        await asyncio.gather(*troubles)
    for till in tills:
        till.proxy.kind, till.proxy.down = True, False
        (till.folder / "home").touch()
    for till in tills:
        if not till.has_said("home"):
            await till.says("home")
    return await is_kept(house, member, tills)


async def is_kept(house: House, member: people.TestMember, tills: list[Till]) -> Counter[str]:
    """Each confirmed receipt is in the ledger once, as it was told, or is shown once as a conflict."""
    async with house.owner() as owner:
        rows = await owner.fetch(
            "select receipt_number, total, earned, redeemed from ledger.purchase where member_id = $1",
            member.member_id,
        )
    posted = {row["receipt_number"]: row for row in rows}
    assert len(posted) == len(rows), "a receipt stands in the ledger twice"
    totals = Counter(row["total"] for row in rows)
    assert all(count == 1 for count in totals.values()), f"a sale was posted twice: {totals}"
    seen: Counter[str] = Counter()
    numbers: set[str] = set()
    conflicts = []
    for till in tills:
        seen["clocks off"] += bool(till.clock_off)
        own = [row for row in till.queue() if row["key"] not in till.before]
        for row in own:
            shown, outcome = json.loads(row["shown"]), json.loads(row["outcome"])
            numbers.add(shown["receipt_number"])
            if outcome["outcome"] == "refused":
                assert row["state"] == "refused"
                assert shown["receipt_number"] not in posted
                conflicts.append(outcome["problem"]["code"])
                print(f"  a conflict at {till.name}: {row['body']}")
            else:
                found = posted[shown["receipt_number"]]
                assert found["earned"] >= shown["told"]["amount"]
                short = (outcome.get("shortfall") or {"amount": 0})["amount"]
                assert found["redeemed"] + short == shown["redeemed"]["amount"]
                assert row["state"] == ("refused" if short else "posted")
                seen["shortfalls"] += bool(short)
            seen[outcome["outcome"]] += 1
        for each in till.said:
            if each["what"] == "confirmed":
                seen[f"confirmed {each['how']}"] += 1
                assert each["number"] in posted or each["number"] in numbers, f"{each} was lost"
                numbers.add(each["number"])
            seen[each["what"]] += each["what"] in {"turned away", "started", "refused", "not taken up"}
    assert set(conflicts) <= {"code_used"}, conflicts
    assert len(conflicts) <= 1, "only one code was shown twice"
    seen["in the ledger"] = len(posted)
    seen["conflicts"] = len(conflicts)
    return seen


async def test_two_tills_without_a_network_lose_and_double_nothing(
    house: House, database: Database, nursery: Nursery, store: list[Till], rng: random.Random, rounds
) -> None:
    seen: Counter[str] = Counter()
    count = rounds(2)
    for number in range(count):
        seed = rng.randrange(10**9)
        dice = random.Random(seed)  # noqa: S311 - a test's dice
        for till in store:
            till.proxy.rng = dice
        try:
            seen += await one_round(house, database, nursery, store, dice, kill_api=number % 8 == 1)
        except BaseException:
            print(f"  round {number}, seed {seed}")
            for till in store:
                print(f"  {till.name}, {till.clock_off} s off: {till.said[-12:]}")
            raise
        await house.is_in_order()
        if number % 10 == 9:
            print(f"  {number + 1} rounds, each verified: {dict(seen)}", flush=True)
    fates = sum((till.proxy.fates for till in store), Counter())
    print(f"  {count} rounds: {dict(seen)}; on the way: {dict(fates)}")
    assert seen["confirmed queued"], "no receipt was ever queued"
