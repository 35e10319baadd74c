"""The two ways in, HTTP and the command line, say the same; an import that was killed is finished by the next."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.api import import_files as files
from tests.api.import_files import BRUNO, HEADER, row
from tests.api.test_import import some_receipts

URL = "/v1/programme/imports"
CSV = {"Content-Type": "text/csv"}
BAD_MIDDLE = "\n".join([HEADER, row("R1"), row("R2", unit_price="12.90"), row("R3", BRUNO)]).encode()


@pytest.fixture
async def _campaign(database, programme, clock):
    await files.publish(database, programme, clock, files.two_percent())


@pytest.fixture
async def manager(make_staff, sign_in_staff, _campaign):
    return (await sign_in_staff(await make_staff(role="manager"))).headers


async def test_a_manager_posts_a_file_and_gets_the_report(http, manager, database):
    answer = await http.post(URL, content=BAD_MIDDLE, headers=manager | CSV)
    assert answer.status_code == 200, answer.text
    assert answer.json() == {
        "receipts_posted": 2,
        "receipts_already_there": 0,
        "receipts_refused": 1,
        "rows_refused": 1,
        "members_created": 2,
        "cashback_issued": {"amount": 104, "currency": "BRL"},
        "refused": [
            {
                "line": 3,
                "receipt_number": "R2",
                "column": "unit_price",
                "reason": "must be a whole number of minor units, such as 1290 for 12.90; found '12.90'",
            }
        ],
    }
    await files.assert_in_order(database)


async def test_a_form_with_the_file_does_the_same_and_twice_gives_nothing_new(http, manager):
    sent = {"file": ("purchases.csv", BAD_MIDDLE, "text/csv")}
    first = (await http.post(URL, files=sent, headers=manager)).json()
    again = (await http.post(URL, files=sent, headers=manager)).json()
    assert (first["receipts_posted"], again["receipts_posted"], again["receipts_already_there"]) == (2, 0, 2)


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (HEADER.replace("sku,", "").encode(), "file_header_wrong", "lacks sku"),
        (b"", "file_header_wrong", "no header"),
        (HEADER.replace(",", ";").encode(), "file_header_wrong", "semicolons"),
        (f"{HEADER}\n{row(name='Pão')}".encode("latin-1"), "file_encoding_wrong", "line 2 holds the byte 0xE3"),
    ],
)
async def test_a_file_that_cannot_be_taken_is_a_problem_and_writes_nothing(
    http, manager, database, content, code, said
):
    answer = await http.post(URL, content=content, headers=manager | CSV)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == code
    assert said in answer.json()["detail"]
    assert await database.fetchval("select count(*) from ledger.purchase") == 0


async def test_a_form_without_the_file_says_so(http, manager):
    answer = await http.post(URL, files={"other": ("a.csv", b"x", "text/csv")}, headers=manager)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert "part named file" in answer.json()["detail"]


async def test_another_media_type_is_refused(http, manager):
    answer = await http.post(URL, json={}, headers=manager)
    assert answer.status_code == 415


async def test_only_managers_import(http, make_staff, sign_in_staff, make_member, sign_in_member, database):
    cashier = (await sign_in_staff(await make_staff(role="cashier"))).headers
    member = (await sign_in_member(await make_member())).headers
    for headers, status in ((cashier, 403), (member, 403), ({}, 401)):
        answer = await http.post(URL, content=BAD_MIDDLE, headers=headers | CSV)
        assert answer.status_code == status
    assert await database.fetchval("select count(*) from ledger.purchase") == 0


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


@pytest.fixture
def command(connections, tmp_path):
    """Runs `python -m api import` as an operator would, in a process of its own."""

    async def start(*arguments: str | Path) -> asyncio.subprocess.Process:
        environment = {
            **os.environ,
            "KIERTO_DATABASE_URL": connections.owner_dsn,
            "KIERTO_SECRET_KEY": "a key of tests, long enough to sign with",
            "KIERTO_DATA_DIR": str(tmp_path / "data"),
        }
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "api",
            "import",
            *map(str, arguments),
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def run(*arguments: str | Path) -> Ended:
        process = await start(*arguments)
        out, err = await process.communicate()
        return Ended(process.returncode or 0, out.decode(), err.decode())

    run.start = start
    return run


@pytest.mark.usefixtures("_campaign")
async def test_the_command_says_the_totals_and_ends_with_0(command, tmp_path):
    ended = await command(files.write(tmp_path / "a.csv", [row("R1"), row("R2", BRUNO)]))
    assert ended.code == 0, ended.err
    said = [" ".join(line.split()) for line in ended.out.splitlines()]
    assert said == [
        "2 receipts posted",
        "0 already there",
        "0 refused (0 rows)",
        "2 members created",
        "1.04 BRL of cashback issued",
    ]


@pytest.mark.usefixtures("_campaign")
async def test_the_command_writes_the_refused_rows_to_a_file_and_ends_with_1(command, tmp_path):
    (tmp_path / "a.csv").write_bytes(BAD_MIDDLE)
    ended = await command(tmp_path / "a.csv", "--report", tmp_path / "refused.csv")
    assert ended.code == 1
    assert (tmp_path / "refused.csv").read_text(encoding="utf-8").splitlines() == [
        "line,receipt_number,column,reason",
        "3,R2,unit_price,\"must be a whole number of minor units, such as 1290 for 12.90; found '12.90'\"",
    ]


@pytest.mark.usefixtures("_campaign")
async def test_the_command_ends_with_2_where_nothing_can_be_imported(command, tmp_path, database):
    wrong = files.write(tmp_path / "wrong.csv", [row()], HEADER.replace("sku", "ean"))
    for arguments, said in (
        ((wrong,), "the unknown 'ean'"),
        ((tmp_path / "missing.csv",), "No such file"),
        ((files.write(tmp_path / "a.csv", [row()]), "--programme", "boreal"), "there is aurora"),
    ):
        ended = await command(*arguments)
        assert ended.code == 2
        assert said in ended.err
        assert "Nothing was imported" in ended.err
    assert await database.fetchval("select count(*) from ledger.purchase") == 0


@pytest.mark.fault
@pytest.mark.usefixtures("_campaign")
async def test_an_import_that_is_killed_and_run_again_gives_the_same_as_once(
    command, tmp_path, database, postgres_server, programme, clock
):
    path = files.write(tmp_path / "a.csv", some_receipts(2_000))
    process = await command.start(path)
    enough = random.Random().randint(1, 7) * 200  # noqa: S311
    while await database.fetchval("select count(*) from ledger.purchase") < enough:
        assert process.returncode is None, "it was over before it could be killed"
        await asyncio.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    await process.communicate()
    ended = await command(path)
    assert ended.code == 0, ended.err
    posted, there = (int(line.split()[0].replace(",", "")) for line in ended.out.splitlines()[:2])
    assert posted + there == 2_000
    assert there % 200 == 0
    assert enough <= there < 2_000
    await files.assert_in_order(database)
    killed = await files.left_in_ledger(database)
    assert killed == await _at_once(postgres_server, path)


async def _at_once(server, path) -> list[tuple]:
    """What the same file leaves in a database of its own."""
    from datetime import UTC, datetime

    from api.database.pool import Database
    from tests.support import people, postgres
    from tests.support.clock import MovableClock

    clock = MovableClock(datetime.now(UTC))
    async with postgres.fresh_database(server) as connections:
        database = await Database.open(connections)
        programme = await people.make_programme(database, clock)
        await files.publish(database, programme, clock, files.two_percent())
        await files.run(database, programme, clock, path)
        left = await files.left_in_ledger(database)
        await database.close()
    return left
