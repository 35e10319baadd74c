"""The ledger's functions and the privileges: files that are applied anew when they, or the schema, have changed."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

FILES = Path(__file__).parent / "sql"
_ROLE = """
    do $$ begin
        if not exists (select from pg_roles where rolname = 'kierto_api') then create role kierto_api nologin; end if;
    end $$"""
_APPLIED = "select obj_description(to_regnamespace('ledger'), 'pg_namespace')"
_DROP = """
    do $$ declare f regprocedure; begin
        for f in select oid from pg_proc where pronamespace = 'ledger'::regnamespace loop
            execute 'drop function ' || f;
        end loop;
    end $$"""


async def make_role(connection: Any) -> None:
    """Make the API's role where the server has none: migrations grant to it."""
    await connection.execute(_ROLE)


def _texts(files: Path) -> list[str]:
    return [file.read_text(encoding="utf-8") for file in sorted(files.glob("*.sql"))]


async def apply_functions(connection: Any, revision: str, files: Path = FILES) -> bool:
    """Replace all functions in schema `ledger`, and the privileges, by those of the files; all or none.

    Says whether that was needed: not where the same files were applied at the same revision, which the schema's comment
    remembers, so that a backup brings it along.
    """
    texts = _texts(files)
    digest = hashlib.sha256("\0".join([revision, *texts]).encode()).hexdigest()
    mark = f"functions {revision} {digest}"
    if await connection.fetchval(_APPLIED) == mark:
        return False
    async with connection.transaction():
        await connection.execute(_DROP)
        for text in texts:
            await connection.execute(text)
        await connection.execute(f"comment on schema ledger is '{mark}'")
    return True
