"""What tills gave without a network, and whose it was."""

from __future__ import annotations

from api.database.migrations.sql import run_files

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Apply the SQL beside this file."""
    run_files(__file__, "0009_offline.sql")
