"""Tiers by the calendar: notices, downgrades, and what no till has worked out. Beside the API, and from cron."""

from __future__ import annotations

from datetime import datetime

from api.core.hub import Hub
from api.database.pool import Database
from api.tiers import repository
from api.tiers.service import look_at

_CHUNK = 100
"""Members a transaction: small enough that no till waits for one."""


async def settle_tiers(database: Database, hub: Hub | None, now: datetime) -> int:
    """Work out every tier that may have changed by `now`; answers how many members were looked at.

    Each chunk is a transaction of its own: a run that is killed loses nothing, and the next one goes on. A member that
    another machine is looking at is left to it, and looking twice changes nothing.
    """
    async with database.transaction() as connection:
        await repository.take_up(connection, now)
    total = 0
    while True:
        async with database.transaction() as connection:
            members = await repository.to_look_at(connection, now, _CHUNK)
            looked = await look_at(connection, members, now) if members else []
        for member_id in looked:
            if hub is not None:
                hub.publish(member_id, 0)
        if not looked:
            return total
        total += len(looked)
