"""Kierto as an operator runs it: a process of its own, on a free port, with its own data."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import ClassVar

ROOT = Path(__file__).resolve().parents[2]


class Running:
    """A process that said where it is."""

    all: ClassVar[list[Running]] = []
    """Every one of this run, for the record of a failed test."""

    def __init__(self, command: list[str], ready: str, within: float = 120, **environment: str) -> None:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("KIERTO_") and k not in {"DISPLAY", "CI"}}
        self.process = subprocess.Popen(
            [sys.executable, "-u", *command],
            cwd=ROOT,
            env={**kept, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        Running.all.append(self)
        self._found = threading.Event()
        self._address = ""
        self._ready = re.compile(ready)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._found.wait(within) or not self._address:
            self.kill()
            raise RuntimeError(f"{command} did not start:\n" + "\n".join(self.lines))

    @property
    def url(self) -> str:
        return self._address

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            said = self._ready.search(line)
            if said and not self._address:
                self._address = said.group(1)
                self._found.set()
        self._found.set()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it in good order; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            code = self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        finally:
            self._reader.join(5)
            if self.process.stdout is not None:
                self.process.stdout.close()
        return code

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(20)


def run_app(data_dir: Path, **environment: str) -> Running:
    """`python main.py`."""
    settings = {"KIERTO_DATA_DIR": str(data_dir), "KIERTO_PORT": "0", **environment}
    return Running(["main.py"], r"Kierto is at (http://\S+)", **settings)


def run_api(data_dir: Path, port: int = 0) -> Running:
    """`python -m api serve`, in demo mode."""
    settings = {"KIERTO_DATA_DIR": str(data_dir), "KIERTO_PORT": str(port), "KIERTO_DEMO": "true"}
    return Running(["-m", "api", "serve"], r"API is at (http://[^/\s]+)", **settings)
