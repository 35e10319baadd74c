"""Remembers every receipt of a file on disk, not in memory: a file may hold millions."""

from __future__ import annotations

import sqlite3
from types import TracebackType
from typing import Self


class SeenReceipts:
    """A temporary table that is gone when it is closed."""

    def __init__(self) -> None:
        # The empty name is a private file: made when SQLite's few megabytes of cache do not suffice, and removed.
        self._table = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._table.execute("pragma journal_mode = off")
        self._table.execute(
            "create table seen (store text, number text, line integer, primary key (store, number)) without rowid"
        )
        self._table.execute("begin")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._table.close()

    def first_line(self, store: str, number: str, line: int) -> int | None:
        """The line where this receipt stood before, or None: it is new, and now remembered."""
        added = self._table.execute("insert or ignore into seen values (?, ?, ?)", (store, number, line))
        if added.rowcount:
            return None
        row = self._table.execute("select line from seen where store = ? and number = ?", (store, number)).fetchone()
        return int(row[0])
