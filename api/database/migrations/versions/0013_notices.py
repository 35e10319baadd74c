"""Notices of what expires."""

from __future__ import annotations

from api.database.migrations.sql import run_files

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Apply the SQL beside this file."""
    run_files(__file__, "0013_notices.sql")
