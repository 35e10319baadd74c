"""Budgets by the calendar: a version that was published ahead brings its own when it begins."""

from __future__ import annotations

from datetime import datetime

from api.campaigns import service as campaigns
from api.database.pool import Database


async def settle_budgets(database: Database, now: datetime) -> int:
    """Set the budgets of the versions that have begun by `now`; answers how many. Safe to run twice, and anywhere."""
    async with database.transaction() as connection:
        return await campaigns.set_budgets_in_force(connection, now)
