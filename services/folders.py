"""Where a device keeps its accounts' files."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path


def rename_account(folder: Path, before: str, after: str) -> None:
    """Let what one account entered on this device be another's: a hand-over at the till."""
    for end in ("", "-wal", "-shm"):
        file = folder / f"{before}.sqlite3{end}"
        (folder / f"{after}.sqlite3{end}").unlink(missing_ok=True)
        if file.exists():
            file.rename(folder / f"{after}.sqlite3{end}")


def folder_name(device_id: str) -> str:
    """A device's folder: its id where that is a plain name, else a name made of it."""
    if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", device_id):
        return device_id
    return hashlib.sha256(device_id.encode()).hexdigest()[:32]
