"""Imports a file of past purchases: checks it, posts it chunk by chunk, releases and expires what is past."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Protocol
from uuid import UUID

import asyncpg

from api.campaigns import service as campaigns
from api.core.hub import Hub
from api.database.pool import Database
from api.imports.baskets import Receipt, Terms, receipts
from api.imports.posting import Chunk, Poster
from api.imports.reader import FileReader
from api.imports.seen import SeenReceipts
from api.jobs.tiers import settle_tiers
from api.ledger.repository import LedgerRefusal, StaleQuote, settle_due
from contract.imports import RefusedRow

CHUNK = 200
"""Receipts a transaction."""
_SETTLED_AT_ONCE = 100
_ATTEMPTS = 5
_CAME_BETWEEN = (LedgerRefusal, StaleQuote, asyncpg.UniqueViolationError)


@dataclass(slots=True)
class Totals:
    """What an import has done so far; cashback in minor units."""

    receipts_posted: int = 0
    receipts_already_there: int = 0
    receipts_refused: int = 0
    rows_refused: int = 0
    members_created: int = 0
    cashback_issued: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is: bytes read of the file's size."""

    position: int
    size: int
    totals: Totals


class Sink(Protocol):
    """Takes each refused row with its reason, in the order of the file."""

    def __call__(self, row: RefusedRow, /) -> None:
        """Keep or write one row."""
        ...


@dataclass(slots=True)
class Import:
    """One import of one file into one programme. Running it again goes on where it was stopped."""

    database: Database
    programme_id: UUID
    now: datetime
    refused: Sink
    hub: Hub | None = None
    progress: Callable[[Progress], None] = lambda _: None
    totals: Totals = field(default_factory=Totals)

    async def run(self, reader: FileReader) -> Totals:
        """Post every sound receipt of the file. Raises Refusal while the database is away; what was posted stays."""
        poster = Poster(self.programme_id, self.now)
        async with self.database.connection() as connection:
            programme = await campaigns.reload(connection, self.programme_id)
        with SeenReceipts() as seen:
            found = receipts(reader.rows(), Terms(frozenset(programme.stores), self.now), seen)
            await self._post_all(found, poster, reader)
        await self._settle()
        return self.totals

    async def _post_all(self, found: Iterator[Receipt], poster: Poster, reader: FileReader) -> None:
        """While one chunk is posted the next is read."""
        reading = asyncio.create_task(asyncio.to_thread(_take, found))
        try:
            while chunk := await reading:
                position = reader.position
                reading = asyncio.create_task(asyncio.to_thread(_take, found))
                self._count(await self._post(chunk, poster))
                self.progress(Progress(position, reader.size, self.totals))
        finally:
            await asyncio.wait([reading])  # the file must not be closed under the thread that reads it
        self.progress(Progress(reader.size, reader.size, self.totals))

    async def _post(self, chunk: list[Receipt], poster: Poster) -> Chunk:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                async with self.database.transaction() as connection:
                    return await poster.post(connection, chunk)
            except _CAME_BETWEEN:  # a till posted one of them, or someone joined, since we looked
                if attempt == _ATTEMPTS:
                    raise
        raise AssertionError

    def _count(self, chunk: Chunk) -> None:
        totals = self.totals
        totals.receipts_posted += chunk.posted
        totals.receipts_already_there += chunk.already_there
        totals.members_created += chunk.members_created
        totals.cashback_issued += chunk.cashback_issued
        for receipt in sorted(chunk.refused, key=lambda each: each.lines[0]):
            totals.receipts_refused += 1
            totals.rows_refused += len(receipt.lines)
            for row in receipt.faults:
                self.refused(row)
        self._say_changed(chunk.members)

    async def _settle(self) -> None:
        """Release and expire what the past has made due, also what a killed run has left; then work out tiers."""
        while True:
            async with self.database.connection() as connection:
                settled = await settle_due(connection, self.now, _SETTLED_AT_ONCE)
            self._say_changed({member_id for member_id, _ in settled})
            if not settled:
                break
        await settle_tiers(self.database, self.hub, self.now)

    def _say_changed(self, members: set[UUID]) -> None:
        if self.hub is not None:
            for member_id in members:
                self.hub.publish(member_id, 0)


def _take(found: Iterator[Receipt]) -> list[Receipt]:
    return list(islice(found, CHUNK))
