"""Members: what their devices and consents add."""

from __future__ import annotations

from api.database.migrations.sql import run_files

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Apply the SQL beside this file."""
    run_files(__file__, "0010_members.sql")
