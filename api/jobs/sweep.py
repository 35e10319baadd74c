"""Forget what is over: spent rate limits, one-time codes, identifications, copies of accounts. Money is never swept."""

from __future__ import annotations

from datetime import datetime, timedelta

from api.confirmations import repository as confirmations
from api.database.pool import Database
from api.jobs import repository
from api.privacy import exports
from api.sign_in import rate_limits

KEPT = timedelta(days=7)
"""How long an identification stays, so that a till's retry after a long outage still finds it."""


async def sweep(database: Database, now: datetime) -> None:
    """Forget what has been over for long enough; safe to run at any time, anywhere."""
    async with database.transaction() as connection:
        await rate_limits.forget(connection, now - timedelta(days=1))
        await repository.forget_codes(connection, now - timedelta(days=1))
        await repository.forget_identifications(connection, now - KEPT)
        await confirmations.forget(connection, now - KEPT)
        await exports.forget(connection, now)
