"""Release and expire what is due."""

from __future__ import annotations

from datetime import datetime

from api.core.hub import Hub
from api.database.pool import Database
from api.ledger.repository import settle_due

_CHUNK = 200
"""Wallets a transaction: small enough that no till waits for one."""


async def settle(database: Database, hub: Hub | None, now: datetime) -> int:
    """Release and expire all that is due at `now`; answers how many wallets that was.

    Each chunk is a transaction of its own: a run that is killed loses nothing, and the next one goes on.
    """
    total = 0
    while True:
        async with database.connection() as connection:
            settled = await settle_due(connection, now, _CHUNK)
        for member_id, version in settled:
            if hub is not None:
                hub.publish(member_id, version)
        if not settled:
            return total
        total += len(settled)
