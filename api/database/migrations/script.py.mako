"""${message}."""

from __future__ import annotations

from api.database.migrations.sql import run_files

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Apply the SQL beside this file."""
    run_files(__file__, "${up_revision}_name.sql")
