"""Migrations: Alembic, with plain SQL inside."""
