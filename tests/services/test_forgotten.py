"""A machine that hosts the app forgets whom it has not seen for a month, and nothing that was not sent."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.cache import KEPT
from services.forgotten import AFTER, remove_forgotten
from services.remembered import Cache, OutboxRow, PostRow, Row

NOW = time.time()
BEFORE = NOW - AFTER.total_seconds()
LONG_AGO = BEFORE - 60


def last_written(path: Path, at: float) -> None:
    for file in path.parent.glob(f"{path.name}*"):
        os.utime(file, (at, at))


async def cache_of(folder: Path, name: str = "ana") -> Cache:
    cache = await Cache.open(folder / f"{name}.sqlite3")
    await cache.apply(put=[Row("wallet", "", "{}")])
    return cache


async def left(folder: Path, name: str = "ana", at: float = LONG_AGO) -> Path:
    """The cache of somebody who closed the browser then."""
    cache = await cache_of(folder, name)
    await cache.close()
    last_written(cache.path, at)
    return cache.path


async def test_who_has_not_come_back_for_a_month_is_forgotten_with_the_folder(tmp_path) -> None:
    gone, here = await left(tmp_path / "a"), await left(tmp_path / "b", at=BEFORE + 60)
    assert remove_forgotten(tmp_path, BEFORE) == 1
    assert not gone.parent.exists()
    assert here.exists()
    assert remove_forgotten(tmp_path, BEFORE) == 0
    assert remove_forgotten(tmp_path / "nowhere", BEFORE) == 0


@pytest.mark.parametrize("what", ["an action", "a sale"])
async def test_what_was_not_sent_stays(tmp_path, what) -> None:
    cache = await cache_of(tmp_path / "a")
    at = datetime(2026, 3, 10, tzinfo=UTC).isoformat()
    if what == "an action":
        await cache.outbox_change(add=OutboxRow("k", "activate", "green", at, sent=False, problem=None))
    else:
        await cache.post_add(PostRow("k", "purchase", "", "{}", "{}", at))
    await cache.close()
    last_written(cache.path, LONG_AGO)
    assert remove_forgotten(tmp_path, BEFORE) == 0
    again = await Cache.open(cache.path)
    assert len(await again.outbox()) + len(await again.posts()) == 1
    assert (await again.rows())[0], "and what was beside it"
    await again.close()


async def test_a_cache_that_is_open_stays(tmp_path) -> None:
    cache = await cache_of(tmp_path / "a")
    last_written(cache.path, LONG_AGO)
    assert remove_forgotten(tmp_path, BEFORE) == 0
    await cache.apply(put=[Row("offer", "green", "{}")])
    assert len((await cache.rows())[0]) == 2
    await cache.close()


async def test_what_a_till_keeps_is_never_touched(tmp_path) -> None:
    book = await left(tmp_path / "a", f"{KEPT}centro")
    assert remove_forgotten(tmp_path, BEFORE) == 0
    assert book.exists()


async def test_what_nobody_can_read_any_more_goes(tmp_path) -> None:
    broken = tmp_path / "a" / "ana.sqlite3"
    broken.parent.mkdir()
    broken.write_bytes(b"this was a cache once" * 100)
    last_written(broken, LONG_AGO)
    assert remove_forgotten(tmp_path, BEFORE) == 1
    assert not broken.parent.exists()
