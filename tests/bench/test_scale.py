"""The large synthetic ledger is a true one: `verify` finds it in order, and finds what is changed in it."""

from __future__ import annotations

import asyncpg
import pytest

from api.ledger.verify import rules, verify
from contract.statement import Statement
from tests.bench.scale import load, rounds_for
from tests.support.people import TestMember


@pytest.fixture
async def owner(connections):
    connection = await asyncpg.connect(connections.owner_dsn)
    yield connection
    await connection.close()


@pytest.fixture
async def loaded(database, owner, clock):
    from api.database.pool import prepare_connection

    await prepare_connection(owner)
    assert await load(owner, 60, 600, clock.now()) == 600
    return owner


@pytest.mark.parametrize(("members", "movements", "rounds"), [(1, 1, 1), (10, 100, 4), (1, 10_000, 3_334)])
def test_purchases_make_about_as_many_movements_as_asked(members, movements, rounds) -> None:
    assert rounds_for(members, movements) == rounds
    assert abs(members * (3 * rounds - 2) - movements) <= 2 * members


async def test_what_is_loaded_verifies_clean(loaded, database) -> None:
    async with database.connection() as connection:
        found = await verify(connection, loaded)
    assert (found.wallets, found.movements, found.lots, found.purchases) == (60, 600, 240, 240)
    assert not found.findings
    assert set(found.seconds) == set(rules())


async def test_more_can_be_added(loaded, database, clock) -> None:
    await load(loaded, 5, 5_000, clock.now(), first=60)
    async with database.connection() as connection:
        found = await verify(connection)
    assert found.wallets == 65
    assert not found.findings


async def test_a_statement_of_it_reads_as_any_other(loaded, http, sign_in_member) -> None:
    row = await loaded.fetchrow("select member_id, programme_id, member_number, name from member limit 1")
    member = TestMember(row["member_id"], row["programme_id"], row["member_number"], "", row["name"])
    signed_in = await sign_in_member(member)
    answer = await http.get("/v1/me/statement", headers=signed_in.headers)
    assert len(Statement.model_validate_json(answer.content).items) == 10


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("update ledger.wallet set available = available + 1", {"a wallet is the sum of its movements"}),
        ("update ledger.lot set remaining = remaining - 1 where remaining > 0", {"a lot keeps what no movement took"}),
        ("update ledger.purchase set earned = earned + 1", {"a purchase earned what its lots hold"}),
        ("update ledger.movement set hash = sha256(hash)", {"a wallet's head is the hash of its newest movement"}),
        ("delete from ledger.receipt_claim", {"a purchase is claimed by its receipt number once"}),
    ],
)
async def test_a_change_of_one_wallet_among_many_is_found(loaded, database, change, broken) -> None:
    one = "member_id = (select min(member_id::text)::uuid from ledger.wallet)"
    await loaded.execute(f"{change} {'and' if 'where' in change else 'where'} {one}")
    async with database.connection() as connection:
        found = await verify(connection, loaded)
    assert broken <= {finding.rule for finding in found.findings}
