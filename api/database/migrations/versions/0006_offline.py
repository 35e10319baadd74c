"""What a till may do without a network."""

from __future__ import annotations

from api.database.migrations.sql import run_files

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Apply the SQL beside this file."""
    run_files(__file__, "0006_offline.sql")
