"""One round does all that is due, whoever starts it; a process may leave that to cron."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from api.app import create_app
from api.core.ids import new_id
from api.jobs.rounds import Round, go_round
from tests.support.shopping import buy, campaign, publish


async def test_a_round_does_all_that_is_due_and_the_next_one_nothing(database, clock, programme, make_member) -> None:
    await publish(database, programme.programme_id, clock.now(), campaign(pending_days=1))
    ana, bruno, carla = [await make_member(name=name) for name in ("Ana", "Bruno", "Carla")]
    await buy(database, ana, clock.now())
    clock.move(days=1)
    for member in (ana, carla):
        await database.execute(
            """insert into member_export (member_id, export_id, state, asked_at, expires_at)
               values ($1, $2, 'waiting', $3, $4)""",
            member.member_id,
            new_id(clock.now()),
            clock.now(),
            clock.now() + timedelta(days=7),
        )
    await database.execute(
        "update member set leave_asked_at = $2, erase_at = $2 where member_id = $1", bruno.member_id, clock.now()
    )
    done = await go_round(database, clock)
    assert (done.wallets, done.erased, done.copies) == (1, 1, 2)
    assert await database.fetchval("select available from ledger.wallet where member_id = $1", ana.member_id) == 50
    assert await go_round(database, clock) == Round(0, 0, 0, 0, 0)


@pytest.mark.parametrize("jobs", ["true", "false"])
async def test_a_process_goes_round_unless_it_is_told_not_to(settings, connections, clock, jobs) -> None:
    app = create_app(settings.model_copy(update={"jobs": jobs}), clock=clock, connections=connections)
    async with app.router.lifespan_context(app):
        running = {task.get_name() for task in asyncio.all_tasks()}
    assert {"going round", "watching"} & running == ({"going round", "watching"} if jobs == "true" else set())
