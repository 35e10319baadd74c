"""Counters with a window, in PostgreSQL, so that all processes count together."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

_COUNT = """
insert into rate_limit as r (bucket, count, window_start) values ($1, 1, $2)
on conflict (bucket) do update set
    count = case when r.window_start <= $3 then 1 else r.count + 1 end,
    window_start = case when r.window_start <= $3 then excluded.window_start else r.window_start end
returning count, window_start
"""


async def within(connection: Any, bucket: str, limit: int, window: timedelta, now: datetime) -> bool:
    """Count one more in a bucket; says whether that is still within the limit."""
    return await wait_for(connection, bucket, limit, window, now) is None


async def wait_for(connection: Any, bucket: str, limit: int, window: timedelta, now: datetime) -> timedelta | None:
    """The same; None within the limit, else how long it takes until the window ends."""
    count, began = await connection.fetchrow(_COUNT, bucket, now, now - window)
    return None if count <= limit else began + window - now


async def forget(connection: Any, before: datetime) -> None:
    """Remove the counters whose window began before a moment."""
    await connection.execute("delete from rate_limit where window_start < $1", before)
