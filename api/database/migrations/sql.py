"""Run plain SQL files as part of a migration."""

from __future__ import annotations

from pathlib import Path

from alembic import op


def run_files(beside: str, *names: str) -> None:
    """Run whole SQL files (many statements each) inside the migration's transaction."""
    bind = op.get_bind()
    bind.exec_driver_sql("select 1")  # opens the transaction that the files then run in
    driver = bind.connection.dbapi_connection
    for name in names:
        text = Path(beside).with_name(name).read_text(encoding="utf-8")
        driver.run_async(lambda connection, sql=text: connection.execute(sql))  # type: ignore[union-attr]
