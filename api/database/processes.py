"""Processes of the operating system: ended, waited for, read about."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

STOP_SECONDS = 30


def is_running(pid: int, argument: str) -> bool:
    """Whether a process lives and was started with an argument: its pid may have gone to another program."""
    if Path("/proc/self/stat").exists():  # Linux: small images have no `ps`
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
            arguments = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            return False
        return state != "Z" and argument in arguments
    listed = subprocess.run(  # noqa: S603 - a fixed command and a number
        ["ps", "-ww", "-o", "stat=,args=", "-p", str(pid)],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    return bool(listed) and not listed.startswith("Z") and argument in listed


def servants_in(folder: Path) -> list[int]:
    """The processes that a PostgreSQL on this folder has started. Found on Linux only; elsewhere none."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() == folder and (process / "cmdline").read_bytes().startswith(b"postgres:"):
                found.append(int(process.name))
        except OSError:  # ended meanwhile, or somebody else's
            continue
    return found


def end_process(process: subprocess.Popen[bytes]) -> None:
    """End a server: ask it to be fast, then immediate, then leave it no choice."""
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        process.send_signal(how)
        try:
            process.wait(STOP_SECONDS)
            return
        except subprocess.TimeoutExpired:
            continue


def read_pid(path: Path) -> int | None:
    """The process that a pid file names, if it names one."""
    try:
        return int(path.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def wait_until(done: Callable[[], bool], seconds: float) -> bool:
    """Wait for something that cannot be awaited; says whether it came in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done():
            return True
        time.sleep(0.02)
    return done()


def last_line(output: bytes) -> str:
    """The line of a program's output that says what went wrong."""
    lines = [line for line in output.decode(errors="replace").splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "ERROR" in line or "error" in line]
    return (telling or lines or ["no reason was given"])[-1].strip()
