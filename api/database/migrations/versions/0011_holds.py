"""Holds, points and cursors."""

from __future__ import annotations

from api.database.migrations.sql import run_files

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Apply the SQL beside this file."""
    run_files(__file__, "0011_holds.sql")
