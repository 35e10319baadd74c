"""Who PostgreSQL runs as: it refuses to be root, so for root there is a system user of its own."""

from __future__ import annotations

import logging
import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger("kierto.database")
USER = "kierto-postgres"
_SEARCH = stat.S_IXOTH


@dataclass(frozen=True, slots=True)
class OsUser:
    """A user of the operating system that PostgreSQL runs as."""

    uid: int
    gid: int


def server_user() -> OsUser | None:
    """The user to run PostgreSQL as, or None: whoever runs this. Root gets a system user, or `nobody` failing that."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(USER)
    except KeyError:
        entry = _create()
    return OsUser(entry.pw_uid, entry.pw_gid)


def _create() -> pwd.struct_passwd:
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", USER]
    try:
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - a fixed command
        return pwd.getpwnam(USER)
    except (OSError, subprocess.CalledProcessError, KeyError):
        log.warning("no system user %s could be made: the embedded PostgreSQL runs as nobody", USER)
        return pwd.getpwnam("nobody")


def let_through(path: Path) -> None:
    """Let other users pass (not list) the folders above `path`, so that the server's user reaches it."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & _SEARCH:
            log.warning("%s: others may now pass through, so that the embedded PostgreSQL reaches %s", folder, path)
            folder.chmod(mode | _SEARCH)


def let_read(folder: Path) -> None:
    """Let other users read and run what is below `folder` (a strict umask may have hidden the installed programs)."""
    for path in (folder, *folder.rglob("*")):
        mode = path.stat().st_mode
        wanted = mode | stat.S_IROTH | (_SEARCH if mode & stat.S_IXUSR else 0)
        if wanted != mode:
            path.chmod(wanted)
