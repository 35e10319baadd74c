"""Points and stamps beside cash, and less space for each receipt."""

from __future__ import annotations

from api.database.migrations.sql import run_files

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply the SQL beside this file."""
    run_files(__file__, "0002_ledger.sql")
