"""Offers that a member wants to see less of."""

from __future__ import annotations

from api.database.migrations.sql import run_files

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Apply the SQL beside this file."""
    run_files(__file__, "0007_shopper.sql")
