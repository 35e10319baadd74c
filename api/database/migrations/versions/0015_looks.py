"""When was looked for what expires."""

from __future__ import annotations

from api.database.migrations.sql import run_files

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Apply the SQL beside this file."""
    run_files(__file__, "0015_looks.sql")
