"""Counters with a window, in PostgreSQL, so that all processes count together."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

_COUNT = """
insert into rate_limit as r (bucket, count, window_start) values ($1, 1, $2)
on conflict (bucket) do update set
    count = case when r.window_start <= $3 then 1 else r.count + 1 end,
    window_start = case when r.window_start <= $3 then excluded.window_start else r.window_start end
returning count
"""


async def within(connection: Any, bucket: str, limit: int, window: timedelta, now: datetime) -> bool:
    """Count one more in a bucket; says whether that is still within the limit."""
    count: int = await connection.fetchval(_COUNT, bucket, now, now - window)
    return count <= limit


async def forget(connection: Any, before: datetime) -> None:
    """Remove the counters whose window began before a moment."""
    await connection.execute("delete from rate_limit where window_start < $1", before)
