"""One process owns a data directory; a second one is told who and where."""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a data directory: its process, the address it serves at, and how its database is reached."""

    pid: int
    address: str = ""
    owner_dsn: str = ""
    api_dsn: str = ""


class AlreadyRunning(RuntimeError):
    """The data directory belongs to a process that runs."""

    def __init__(self, data_dir: Path, holder: Holder) -> None:
        where = f" at {holder.address}" if holder.address else ""
        super().__init__(f"Kierto is already running{where} (process {holder.pid}, data in {data_dir}).")
        self.holder = holder
        self.pid = holder.pid
        self.address = holder.address


class DataDirLock:
    """An exclusive lock on a data directory. The kernel frees it when the process ends, however it ends."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._path = data_dir / "kierto.lock"
        self._file: IO[str] | None = None

    def take(self, address: str = "") -> None:
        """Take the lock. Raises AlreadyRunning."""
        file = os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600), "r+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _read(file)
            file.close()
            raise AlreadyRunning(self._data_dir, holder) from None
        self._file = file
        self.say(Holder(os.getpid(), address))

    def say(self, holder: Holder) -> None:
        """Write who holds the lock, for a second process to read."""
        assert self._file is not None, "say() follows take()"  # noqa: S101
        self._file.seek(0)
        self._file.truncate()
        json.dump(asdict(holder), self._file)
        self._file.flush()

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            self._file.close()
            self._file = None


def holder_of(data_dir: Path) -> Holder | None:
    """Who holds a data directory just now, if anyone does."""
    if not (data_dir / "kierto.lock").exists():
        return None
    lock = DataDirLock(data_dir)
    try:
        lock.take()
    except AlreadyRunning as running:
        return running.holder
    lock.release()
    return None


def _read(file: IO[str]) -> Holder:
    try:
        return Holder(**json.load(file))
    except (ValueError, TypeError):
        return Holder(pid=0)
