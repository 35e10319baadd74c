"""Nobody writes money but the ledger's functions: the API's role may not, by privilege."""

from __future__ import annotations

import asyncpg
import pytest

TABLES = ("wallet", "movement", "lot", "purchase", "refund", "receipt_claim", "write_claim", "held")


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement", ["insert into ledger.{0} default values", "delete from ledger.{0}", "truncate ledger.{0}"]
)
async def test_the_api_cannot_write_a_money_table(database, table, statement) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await database.execute(statement.format(table))


@pytest.mark.parametrize("table", TABLES)
async def test_the_api_cannot_change_a_row_of_money(database, connections, table) -> None:
    column = await database.fetchval(
        "select column_name from information_schema.columns where table_schema = 'ledger' and table_name = $1 limit 1",
        table,
    )
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await database.execute(f"update ledger.{table} set {column} = {column}")


@pytest.mark.parametrize(
    "function",
    ["move", "save", "take", "absorb", "settle_wallet", "restore", "claw_back", "claim", "charge", "settle_round"],
)
async def test_the_api_cannot_call_the_inner_functions(database, function) -> None:
    allowed = await database.fetchval(
        """select bool_or(has_function_privilege(current_user, p.oid, 'execute')) from pg_proc p
             join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'ledger' and p.proname = $1""",
        function,
    )
    assert allowed is False
