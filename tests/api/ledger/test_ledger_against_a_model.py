"""Whatever is done in whatever order, the ledger says what a plain model says, and `verify` finds nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from api.database.connections import Connections
from api.database.pool import prepare_connection
from tests.api.ledger.machine import LedgerMachine


def test_the_ledger_agrees_with_a_plain_model(connections: Connections) -> None:
    """Quote, purchase, replay, release, expire, redeem, refund by line, hold, budget, clock jumps; after every step."""
    with asyncio.Runner() as runner:
        connection = runner.run(_connect(connections.api_dsn))
        machine = type("Machine", (LedgerMachine,), {"runner": runner, "connection": connection})
        try:
            run_state_machine_as_test(
                machine,
                settings=settings(
                    max_examples=40,
                    stateful_step_count=30,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(connection.close())


async def _connect(dsn: str) -> Any:
    connection = await asyncpg.connect(dsn)
    await prepare_connection(connection)
    return connection
