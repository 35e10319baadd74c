"""An API process as an operator runs it, to be killed and started again at the same address."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

from api.database.connections import Connections
from api.database.lock import holder_of
from api.database.processes import wait_until
from tests.support.fixtures import SECRET_KEY

ROOT = Path(__file__).resolve().parents[2]
SERVE = ("-m", "api", "serve")


class Serving:
    """`python -m api serve` (or another command) on a data directory, or on the database at `url`."""

    def __init__(self, data_dir: Path, *command: str, url: str | None = None, **environment: str) -> None:
        data_dir.mkdir(parents=True, exist_ok=True)
        self.data_dir = data_dir
        self._command = command or SERVE
        self._log = data_dir / "api.log"
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._environment = {
            "KIERTO_DATA_DIR": str(data_dir),
            "KIERTO_DEMO": "false",
            "KIERTO_SECRET_KEY": SECRET_KEY,
            **({"KIERTO_DATABASE_URL": url} if url else {}),
            **environment,
        }

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def connections(self) -> Connections:
        """How the embedded database of this process is reached."""
        holder = holder_of(self.data_dir)
        assert holder is not None
        return Connections(holder.owner_dsn, holder.api_dsn)

    def start(self, **environment: str) -> None:
        """Start it, at the address it had before; returns once it answers."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("KIERTO_")}
        own = {**kept, **self._environment, "KIERTO_PORT": str(self._port), **environment}
        begin = self._log.stat().st_size if self._log.exists() else 0
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-u", *self._command], cwd=ROOT, env=own, stdout=output, stderr=output
            )

        def answers() -> bool:
            said = re.search(rb"API is at http://[^:]+:(\d+)", self._log.read_bytes()[begin:])
            self._port = int(said.group(1)) if said else self._port
            return not self.is_alive or (said is not None and is_well(self.url))

        wait_until(answers, 120)
        if not self.is_alive or not is_well(self.url):
            self.kill()
            raise RuntimeError("the API did not start:\n" + self.said())

    def kill(self) -> None:
        """kill -9."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(20)

    def wait(self, seconds: float) -> int:
        """Its exit code, once it has ended."""
        assert self._process is not None
        return self._process.wait(seconds)

    def stop(self) -> None:
        """End it in good order; then see to it that nothing of it is left."""
        if self._process is not None and self.is_alive:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(40)
            except subprocess.TimeoutExpired:
                self.kill()
        for pid in (*processes_named(str(self.data_dir / "postgres")), *processes_of(str(self.data_dir))):
            os.kill(pid, signal.SIGKILL)  # only what a failed test left behind

    def said(self) -> str:
        """What it wrote to its log."""
        return self._log.read_text(errors="replace")


def is_well(url: str) -> bool:
    """Whether health says 200."""
    try:
        with urllib.request.urlopen(f"{url}/v1/health", timeout=3) as answer:  # noqa: S310 - our own address
            return answer.status == 200
    except OSError:
        return False


def postmaster_of(data_dir: Path) -> int:
    """The server's process."""
    return int((data_dir / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0])


def children_of(pid: int) -> list[int]:
    """The processes that one has started and that live."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z" and int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found


def processes_named(argument: str) -> list[int]:
    """The processes that were started with an argument."""
    return _processes("cmdline", lambda parts: argument in parts)


def processes_of(data_dir: str) -> list[int]:
    """The API processes that serve a data directory."""
    return _processes("environ", lambda parts: f"KIERTO_DATA_DIR={data_dir}" in parts)


def _processes(file: str, fits) -> list[int]:
    found = []
    for path in Path("/proc").glob(f"[0-9]*/{file}"):
        try:
            if fits(path.read_bytes().decode(errors="replace").split("\0")):
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def ended(pid: int) -> bool:
    """Whether a process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
