"""A programme's settings for its tills: versions that are only ever added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from api.audit import repository as audit
from api.campaigns import service as campaigns
from api.core.security import StaffSession
from api.database.pool import Connection
from api.problems import Refusal
from contract.errors import ErrorCode
from contract.reviews import Settings, SettingsBody, SettingsChange

_CURRENT = """
    select s.version, s.body, s.changed_at, coalesce(st.name, '') as changed_by
      from programme_settings s left join staff st on st.staff_id = s.changed_by
     where s.programme_id = $1 order by s.version desc limit 1"""


@dataclass(frozen=True, slots=True)
class _Row:
    version: int
    body: SettingsBody
    changed_at: datetime | None
    changed_by: str


async def current(connection: Connection, programme_id: UUID) -> SettingsBody:
    """The settings in force; what was never set has its default."""
    return (await _read(connection, programme_id)).body


async def settings(connection: Connection, programme_id: UUID) -> Settings:
    """The settings in force, and who set them."""
    row = await _read(connection, programme_id)
    return Settings(version=row.version, body=row.body, changed_at=row.changed_at, changed_by=row.changed_by)


async def change(connection: Connection, staff: StaffSession, wanted: SettingsChange, now: datetime) -> Settings:
    """Add a version. Runs inside the caller's transaction; refuses with 409 when another came first."""
    before = await _read(connection, staff.programme_id)
    if before.version != wanted.version:
        raise _changed()
    try:
        await connection.execute(
            "insert into programme_settings (programme_id, version, body, changed_by, changed_at)"
            " values ($1, $2, $3, $4, $5)",
            staff.programme_id,
            before.version + 1,
            wanted.body.model_dump(),
            staff.staff_id,
            now,
        )
    except asyncpg.UniqueViolationError as error:
        raise _changed() from error
    was, is_now = before.body.model_dump(), wanted.body.model_dump()
    changed = {name: [was[name], value] for name, value in is_now.items() if was[name] != value}
    await campaigns.changed(connection, staff.programme_id)  # every process holds some of them
    await audit.write(connection, staff, "settings", now, subject=str(before.version + 1), evidence=changed)
    return await settings(connection, staff.programme_id)


async def _read(connection: Connection, programme_id: UUID) -> _Row:
    row = await connection.fetchrow(_CURRENT, programme_id)
    if row is None:
        return _Row(0, SettingsBody(), None, "")
    known = {name: value for name, value in row["body"].items() if name in SettingsBody.model_fields}
    return _Row(row["version"], SettingsBody.model_validate(known), row["changed_at"], row["changed_by"])


def _changed() -> Refusal:
    return Refusal(
        409, ErrorCode.SETTINGS_CHANGED, "Somebody has changed the settings meanwhile. Look at them, then set yours."
    )
