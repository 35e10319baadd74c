"""How money is stored."""

from __future__ import annotations

from api.database.migrations.sql import run_files

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Apply the SQL beside this file."""
    run_files(__file__, "0012_storage.sql")
