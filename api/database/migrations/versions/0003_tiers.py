"""Tiers that are qualified for, and the programme's rules in versions."""

from __future__ import annotations

from api.database.migrations.sql import run_files

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Apply the SQL beside this file."""
    run_files(__file__, "0003_tiers.sql")
