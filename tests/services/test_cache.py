"""The cache: durable where it must be, rebuilt where it can be, and never a place for tokens."""

from __future__ import annotations

import logging
import sqlite3

import pytest

from services import cache as cache_module
from services.cache import CacheClosed
from services.remembered import Cache, OutboxRow, PostRow, Row
from tests.services.conftest import until
from tests.services.fake_api import SECRET

ROW = Row("lot", "l1", "{}")
ACTION = OutboxRow("k1", "activate", "o1", "2026-03-10T15:00:00+00:00", sent=False, problem=None)
POST = PostRow("k2", "purchase", "i1", "{}", "{}", "2026-03-10T15:00:00+00:00")


async def test_a_step_is_applied_whole_or_not_at_all(tmp_path):
    cache = await Cache.open(tmp_path / "a.sqlite3")
    assert await cache.apply(put=[ROW], facts={"cursor": "1"}, expect={"cursor": None})
    assert not await cache.apply(put=[Row("lot", "l2", "{}")], facts={"cursor": "9"}, expect={"cursor": None})
    with pytest.raises(sqlite3.IntegrityError):
        await cache.apply(put=[Row("lot", "l3", "{}"), Row("lot", "l4", None)])  # type: ignore[arg-type]
    rows, facts = await cache.rows()
    assert [row.id for row in rows] == ["l1"]
    assert facts == {"cursor": "1"}
    await cache.close()


async def test_an_older_version_of_a_row_never_replaces_a_newer(tmp_path):
    cache = await Cache.open(tmp_path / "a.sqlite3")
    await cache.apply(put=[Row("purchase", "p", "new", version=7)])
    await cache.apply(put=[Row("purchase", "p", "old", version=6)])
    assert await cache.one("purchase", "p") == "new"
    await cache.close()


async def test_a_new_version_drops_the_mirror_and_keeps_what_only_the_device_has(tmp_path, monkeypatch):
    path = tmp_path / "a.sqlite3"
    cache = await Cache.open(path)
    await cache.apply(put=[ROW], facts={"cursor": "1"})
    await cache.outbox_change(add=ACTION)
    await cache.post_add(POST)
    await cache.close()

    following = cache_module.VERSION + 1
    monkeypatch.setattr(cache_module, "VERSION", following)
    monkeypatch.setattr(cache_module, "STEPS", {following: "alter table outbox add column note text;"})
    cache = await Cache.open(path)
    assert cache.rebuilt == "version"
    assert await cache.rows() == ([], {})
    assert await cache.outbox() == [ACTION]
    assert await cache.posts() == [POST]
    await cache.close()
    cache = await Cache.open(path)
    assert cache.rebuilt is None
    await cache.close()


async def test_a_file_of_a_newer_app_is_made_anew(tmp_path):
    path = tmp_path / "a.sqlite3"
    cache = await Cache.open(path)
    await cache.apply(put=[ROW])
    await cache.close()
    with sqlite3.connect(path) as db:
        db.execute("pragma user_version = 99")
    db.close()
    cache = await Cache.open(path)
    assert cache.rebuilt == "version"
    assert await cache.rows() == ([], {})
    await cache.close()


@pytest.mark.fault
@pytest.mark.parametrize("damage", ["garbage", "middle", "empty"])
async def test_a_corrupt_file_is_rebuilt_and_says_so(tmp_path, caplog, damage):
    path = tmp_path / "a.sqlite3"
    cache = await Cache.open(path)
    await cache.apply(put=[Row("lot", f"l{number}", "x" * 500) for number in range(100)])
    await cache.close()
    whole = path.read_bytes()
    half = len(whole) // 2
    broken = {"garbage": b"not a database" * 500, "middle": whole[:4096] + b"\xff" * (half - 4096) + whole[half:]}
    path.write_bytes(broken.get(damage, b""))
    with caplog.at_level(logging.WARNING):
        cache = await Cache.open(path)
    assert await cache.rows() == ([], {})
    assert await cache.apply(put=[ROW])
    if damage != "empty":
        assert cache.rebuilt == "corrupt"
        assert "made anew" in caplog.text
    await cache.close()


@pytest.mark.fault
async def test_a_corrupt_cache_fills_again_from_the_api(api, phone, ana):
    api.earn(500)
    await until(ana, lambda state: bool(state.purchases))
    await ana.close()
    phone.running.remove(ana)
    for path in phone.files:
        path.write_bytes(b"\0" * 10_000)
    api.down = True
    again = await phone.start()
    assert again.state.storage == "rebuilt"
    api.down = False
    state = await until(again, lambda state: bool(state.purchases))
    assert state.wallet.available.amount == 500
    assert state.storage == "good"


@pytest.mark.fault
async def test_a_full_disk_is_said_and_forgotten_when_there_is_room_again(api, ana):
    async def room(pages: int) -> None:
        await ana._account.cache._run(lambda db: db.execute(f"pragma max_page_count = {pages}").fetchone())

    await room(1)
    for _ in range(30):
        api.earn(500)
    state = await until(ana, lambda state: state.storage == "full")
    assert state.wallet is not None
    await room(1_000_000)
    await until(ana, lambda state: state.storage == "good" and len(state.purchases) == 30)


async def test_rows_that_cannot_be_read_are_fetched_again(api, phone, ana):
    api.earn(500)
    await until(ana, lambda state: bool(state.purchases))
    await ana._account.cache.apply(put=[Row("lot", "odd", '{"lot_id": 5}')])
    await ana.close()
    phone.running.remove(ana)
    again = await phone.start()
    state = await until(again, lambda state: bool(state.lots))
    assert [lot.original.amount for lot in state.lots] == [500]


async def test_no_token_and_no_secret_is_ever_on_disk_or_in_the_log(api, phone, caplog):
    with caplog.at_level(logging.DEBUG):
        client = await phone.start()
        await client.sign_in_with_code("ana@example.com", "123456")
        await until(client, lambda state: state.connection == "online")
        api.expire_access()
        await client.refresh()
        api.offer("o1")
        await client.activate("o1")
        await until(client, lambda state: not state.pending)
        api.fail("GET", "/v1/me/changes", "lost")
        client._wake()
        await until(client, lambda state: state.connection == "offline")
        disk = phone.bytes_on_disk()
    assert b"ana@example.com" in disk
    assert len(api.tokens_seen) == 4
    for secret in {*api.tokens_seen, SECRET}:
        assert secret.encode() not in disk
        assert secret not in caplog.text
    assert SECRET in str(phone.vault.kept)
    assert not any(token in repr(client._keys.signed_in) for token in api.tokens_seen)


async def test_a_closed_cache_says_so(tmp_path):
    cache = await Cache.open(tmp_path / "a.sqlite3")
    await cache.close()
    with pytest.raises(CacheClosed):
        await cache.rows()
