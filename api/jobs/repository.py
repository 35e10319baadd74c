"""What the sweep deletes."""

from __future__ import annotations

from datetime import datetime

from api.database.pool import Connection


async def forget_codes(connection: Connection, before: datetime) -> None:
    """One-time codes that were over before a moment."""
    await connection.execute("delete from one_time_code where expires_at < $1", before)


async def forget_identifications(connection: Connection, before: datetime) -> None:
    """Identifications that were over before a moment."""
    await connection.execute("delete from identification where expires_at < $1", before)
