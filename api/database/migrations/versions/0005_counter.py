"""Roles, holds and the audit trail of a shop; its catalogue."""

from __future__ import annotations

from api.database.migrations.sql import run_files

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Apply the SQL beside this file."""
    run_files(__file__, "0005_counter.sql")
