"""kill -9 in the middle of releasing and expiring: the next run goes on, and nothing moves twice."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import UTC, datetime

import asyncpg

from api.database.pool import Database
from api.jobs.settle import settle
from api.ledger.verify import verify
from api.problems import Refusal
from tests.faults.house import fill_with_due_lots
from tests.faults.serving import ROOT
from tests.support.fixtures import SECRET_KEY

WALLETS, LOTS = 1_000, 3
EXPIRING = LOTS // 3
SETTLE = (sys.executable, "-m", "api", "settle")
_MOVED = """
select count(*) filter (where kind = 'release') as released, count(*) filter (where kind = 'expiry') as expired,
       count(distinct member_id) as wallets
  from ledger.movement where kind in ('release', 'expiry')"""


def settling(connections, folder) -> subprocess.Popen[bytes]:
    environment = {
        "PATH": "/usr/bin:/bin",
        "KIERTO_DATABASE_URL": connections.owner_dsn,
        "KIERTO_DATA_DIR": str(folder),
        "KIERTO_SECRET_KEY": SECRET_KEY,
    }
    return subprocess.Popen(SETTLE, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


async def killed_after(job: subprocess.Popen[bytes], owner, wallets: int) -> int:
    """Kill a run once it has brought so many wallets up to date; how many that were."""
    while job.poll() is None:
        done = (await owner.fetchrow(_MOVED))["wallets"]
        if done >= wallets:
            break
        await asyncio.sleep(0.002)
    job.kill()
    job.communicate()
    while await owner.fetchval(  # noqa: ASYNC110 - what it had begun ends by itself
        "select count(*) from pg_stat_activity where application_name = 'kierto' and datname = current_database()"
    ):
        await asyncio.sleep(0.01)
    return (await owner.fetchrow(_MOVED))["wallets"]


async def test_a_killed_run_is_finished_by_the_next_and_nothing_moves_twice(connections, folder, rng, rounds) -> None:
    kills = min(rounds(1), 4)
    wallets = kills * WALLETS  # a slow machine sees a run some hundred wallets further on
    await fill_with_due_lots(connections, wallets, LOTS)
    owner = await asyncpg.connect(connections.owner_dsn)
    try:
        reached = 0
        for _ in range(kills):
            reached = await killed_after(settling(connections, folder), owner, reached + rng.randint(1, 150))
            print(f"  killed with {reached} of {wallets} wallets brought up to date")
            assert 0 < reached < wallets, "it was to die in the middle"
            half = await owner.fetchval(
                """select count(*) from (select member_id from ledger.lot group by 1
                    having count(*) filter (where released) not in (0, count(*))) m"""
            )
            assert half == 0, "a wallet is half done"
            assert not (await verify(owner)).findings

        again = settling(connections, folder)
        said = await asyncio.to_thread(again.communicate, timeout=60)
        assert again.returncode == 0, said
        assert int(said[0].split()[0].replace(b",", b"")) == wallets - reached
        assert tuple(await owner.fetchrow(_MOVED)) == (wallets * LOTS, wallets * EXPIRING, wallets)
        assert not (await verify(owner)).findings
    finally:
        await owner.close()


async def test_of_two_runs_at_once_one_is_cut_off_and_the_other_finishes(connections) -> None:
    await fill_with_due_lots(connections, WALLETS, LOTS)
    owner = await asyncpg.connect(connections.owner_dsn)
    one, other = [await Database.open(connections, size=1) for _ in range(2)]
    try:
        pid = await one.fetchval("select pg_backend_pid()")
        now = datetime.now(UTC)
        cut, whole = asyncio.create_task(settle(one, None, now)), asyncio.create_task(settle(other, None, now))
        while not (await owner.fetchrow(_MOVED))["wallets"]:
            assert not (cut.done() and whole.done())
            await asyncio.sleep(0.002)
        await owner.execute("select pg_terminate_backend($1)", pid)
        done = await asyncio.gather(cut, whole, return_exceptions=True)
        assert isinstance(done[1], int), done
        assert isinstance(done[0], int) or (isinstance(done[0], Refusal) and done[0].status == 503), done
        assert not (await verify(owner)).findings
        await settle(other, None, now)
        assert await settle(one, None, now) == 0, "a second run finds nothing, on a connection of its own again"
        assert tuple(await owner.fetchrow(_MOVED)) == (WALLETS * LOTS, WALLETS * EXPIRING, WALLETS)
        assert not (await verify(owner)).findings
    finally:
        await one.close()
        await other.close()
        await owner.close()
