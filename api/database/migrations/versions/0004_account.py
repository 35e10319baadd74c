"""Consents, exports, erasure, claims and feedback of a member."""

from __future__ import annotations

from api.database.migrations.sql import run_files

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Apply the SQL beside this file."""
    run_files(__file__, "0004_account.sql")
