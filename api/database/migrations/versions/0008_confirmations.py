"""Spending that a member confirms on her own device."""

from __future__ import annotations

from api.database.migrations.sql import run_files

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Apply the SQL beside this file."""
    run_files(__file__, "0008_confirmations.sql")
