"""People and the ledger: their tables."""

from __future__ import annotations

from api.database.migrations.sql import run_files

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Apply the SQL beside this file."""
    run_files(__file__, "0001_people.sql", "0001_ledger.sql")
