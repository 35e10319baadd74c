"""Bounds of the ledger, said by types."""

from __future__ import annotations

from api.database.migrations.sql import run_files

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Apply the SQL beside this file."""
    run_files(__file__, "0014_bounds.sql")
