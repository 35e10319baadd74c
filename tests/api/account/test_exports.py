"""A copy of everything: whole, hers alone, kept a week, and made again where its maker died."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import zipfile
from datetime import timedelta

from api.privacy import exports, gathering, making
from contract.privacy import Export
from tests.support import shopping


async def ask(http, me) -> Export:
    answer = await http.post("/v1/me/exports", headers=me.headers)
    assert answer.status_code == 202, answer.text
    return Export.model_validate_json(answer.content)


async def status(http, me, export: Export) -> Export:
    answer = await http.get(f"/v1/me/exports/{export.export_id}", headers=me.headers)
    return Export.model_validate_json(answer.content)


async def test_a_copy_holds_everything_in_pages(http, database, clock, make_member, sign_in_member, monkeypatch):
    monkeypatch.setattr(gathering, "PAGE", 3)
    monkeypatch.setattr(exports, "PART_BYTES", 1_000)
    monkeypatch.setattr(making, "PART_BYTES", 1_000)
    ana, bruno = await make_member(name="Ana <b>Souza</b>"), await make_member(name="Bruno Lima")
    await shopping.publish(database, ana.programme_id, clock.now(), shopping.campaign())
    for n in range(8):
        await shopping.buy(database, ana, clock.now() - timedelta(days=n), receipt_number=f"A{n}")
    await shopping.buy(database, bruno, clock.now(), receipt_number="B1")
    me, other = await sign_in_member(ana), await sign_in_member(bruno)
    export = await ask(http, me)
    done = await status(http, me, export)
    assert (done.state, done.done, done.total) == ("ready", 16, 16)
    file = await http.get(f"/v1/me/exports/{export.export_id}/file", headers=me.headers)
    assert file.status_code == 200
    assert len(file.content) == done.bytes > 1_000
    with zipfile.ZipFile(io.BytesIO(file.content)) as packed:
        files = {name: packed.read(name).decode("utf-8-sig") for name in packed.namelist()}
    everything = json.loads(files["everything.json"])
    assert [each["receipt_number"] for each in everything["purchases"]] == [f"A{n}" for n in range(8)]
    assert sum(each["amount"]["amount"] for each in everything["movements"]) == 8 * 50
    assert everything["profile"]["name"] == "Ana <b>Souza</b>"
    rows = list(csv.DictReader(io.StringIO(files["movements.csv"])))
    assert [int(row["amount"]) for row in rows] == [50] * 8
    assert files["purchases.html"].count("<h2>") == 8
    assert "10.00 BRL" in files["purchases.html"]
    assert "Ana &lt;b&gt;Souza" in files["profile.html"]
    assert "B1" not in "".join(files.values())
    for path in ("", "/file"):
        foreign = await http.get(f"/v1/me/exports/{export.export_id}{path}", headers=other.headers)
        assert foreign.status_code == 404
        assert (await http.get(f"/v1/me/exports/{export.export_id}{path}")).status_code == 401


async def test_a_copy_is_kept_for_seven_days(http, app, database, clock, make_member, make_phone):
    from api.jobs.sweep import sweep

    phone = await make_phone(await make_member())
    export = await ask(http, phone)
    clock.move(days=7)
    gone = await http.get(f"/v1/me/exports/{export.export_id}/file", headers=phone.headers)
    assert gone.status_code == 404
    await sweep(database, clock.now())
    assert await database.fetchval("select count(*) from member_export_part") == 0


async def test_a_copy_whose_maker_died_is_made_again_and_given_up_at_last(
    http, database, clock, make_member, sign_in_member, monkeypatch
):
    me = await sign_in_member(await make_member())

    async def dies(*_):
        raise asyncio.CancelledError

    with monkeypatch.context() as broken:
        broken.setattr(making, "make_waiting", lambda *_: None)
        export = await ask(http, me)
        assert (await ask(http, me)).export_id == export.export_id, "one at a time"
        file = await http.get(f"/v1/me/exports/{export.export_id}/file", headers=me.headers)
        assert (file.status_code, file.json()["code"]) == (409, "export_unfinished")
    with monkeypatch.context() as broken:
        broken.setattr(making, "_make", dies)
        for _ in range(making.ATTEMPTS - 1):
            try:
                await making.make_waiting(database, clock)
            except asyncio.CancelledError:
                assert await making.make_waiting(database, clock) == 0, "somebody may still be at it"
            clock.move(minutes=3)
    assert await making.make_waiting(database, clock) == 1
    assert (await status(http, me, export)).state == "ready"


async def test_more_than_a_few_copies_a_day_are_not_made(http, make_member, sign_in_member):
    me = await sign_in_member(await make_member())
    for _ in range(exports.PER_DAY):
        await ask(http, me)
    assert (await http.post("/v1/me/exports", headers=me.headers)).json()["code"] == "too_many_requests"
