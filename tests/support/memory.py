"""Temporary folders in memory: hundreds of databases are made and dropped, and none of them has to last."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 - Linux's own; what is made there has names that nobody guesses
_ROOM = 4 * 1024**3


def keep_temporary_folders_in_memory() -> None:
    """Make temporary folders in memory, for this process and its children, where there is room for all of a run.

    Whoever names a place (``TMPDIR``, ``--basetemp``) is obeyed. What a kill leaves behind is as true there as on a
    disk; only a power cut is not, and no test has one.
    """
    if "TMPDIR" in os.environ or not os.access(_MEMORY, os.W_OK) or shutil.disk_usage(_MEMORY).free < _ROOM:
        return
    os.environ["TMPDIR"] = str(_MEMORY)
    tempfile.tempdir = None
