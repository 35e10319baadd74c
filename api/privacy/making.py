"""Makes the copies that wait: page by page into files, packed in a thread, kept when whole.

A copy is claimed for some minutes. Who makes it says so again with each page; where nobody does any more, because the
process died, the next look makes it anew.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from api.core.clock import Clock
from api.database.pool import Database
from api.privacy import gathering
from api.privacy.exports import PART_BYTES
from api.privacy.files import Folder

log = logging.getLogger("kierto.jobs")
LEASE = timedelta(minutes=2)
ATTEMPTS = 3
_CLAIM = """
update member_export e set lease_until = $2, attempts = attempts + 1, done = 0
  from (select member_id, export_id from member_export
         where state = 'waiting' and attempts < $3 and (lease_until is null or lease_until < $1)
         order by asked_at limit 1 for update skip locked) next
 where e.member_id = next.member_id and e.export_id = next.export_id
returning e.member_id, e.export_id
"""


async def make_waiting(database: Database, clock: Clock) -> int:
    """Make all copies that wait and that nobody works on; how many were made."""
    made = 0
    while True:
        now = clock.now()
        await database.execute(
            "update member_export set state = 'failed' where state = 'waiting' and attempts >= $2 and lease_until < $1",
            now,
            ATTEMPTS,
        )
        row = await database.fetchrow(_CLAIM, now, now + LEASE, ATTEMPTS)
        if row is None:
            return made
        try:
            await _make(database, row["member_id"], row["export_id"], clock)
            made += 1
        except Exception:
            log.exception("a copy could not be made; it is tried again after a while")


async def _make(database: Database, member_id: UUID, export_id: UUID, clock: Clock) -> None:
    with tempfile.TemporaryDirectory(prefix="kierto-export-") as place:
        folder = Folder(Path(place))
        async for done, total in gathering.gather(database, member_id, folder, clock.now()):
            await database.execute(
                "update member_export set done = $3, total = $4, lease_until = $5"
                " where member_id = $1 and export_id = $2",
                member_id,
                export_id,
                done,
                total,
                clock.now() + LEASE,
            )
        packed = await asyncio.to_thread(folder.pack)
        await _keep(database, member_id, export_id, packed, clock)


async def _keep(database: Database, member_id: UUID, export_id: UUID, packed: Path, clock: Clock) -> None:
    """Store the file and say that it is ready, at once; nothing where the member has gone meanwhile."""
    async with database.transaction() as connection:
        mine = await connection.fetchval(
            "select true from member_export where member_id = $1 and export_id = $2 and state = 'waiting' for update",
            member_id,
            export_id,
        )
        if mine is None:
            return
        size = 0
        for number, part in enumerate(_parts(packed)):
            size += len(part)
            await connection.execute(
                "insert into member_export_part (member_id, export_id, part, content) values ($1, $2, $3, $4)",
                member_id,
                export_id,
                number,
                part,
            )
        await connection.execute(
            """update member_export set state = 'ready', done = total, bytes = $3, ready_at = $4, lease_until = null
                where member_id = $1 and export_id = $2""",
            member_id,
            export_id,
            size,
            clock.now(),
        )


def _parts(packed: Path) -> Iterator[bytes]:
    with packed.open("rb") as file:
        while part := file.read(PART_BYTES):
            yield part
