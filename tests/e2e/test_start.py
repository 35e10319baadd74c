"""A start that cannot be says why in one line, and what to do."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.process import ROOT


def start(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KIERTO_")}
    settings = {"KIERTO_DATA_DIR": str(tmp_path), "KIERTO_PORT": "0", **environment}
    return subprocess.run(
        [sys.executable, "main.py"],
        cwd=ROOT,
        env={**kept, **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KIERTO_PORT", "many"),
        ("KIERTO_PORT", "99999"),
        ("KIERTO_DATABASE_URL", "mysql://here"),
        ("KIERTO_HOST", "0.0.0.0"),  # noqa: S104 - it is refused
        ("KIERTO_API_URL", "here"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_line_that_names_it(tmp_path, name, value):
    done = start(tmp_path, **{name: value})
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith(name)


def test_a_port_in_use_is_said_before_the_database_starts(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = start(tmp_path, KIERTO_PORT=str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "KIERTO_PORT=" in done.stderr
    assert not (tmp_path / "postgres").exists()


def test_a_database_that_does_not_answer_is_said_in_one_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    url = f"postgresql://someone:secret@127.0.0.1:{port}/kierto"
    done = start(tmp_path, KIERTO_DATABASE_URL=url, KIERTO_SECRET_KEY="k" * 40)
    assert done.returncode == 1
    lines = [line for line in done.stderr.splitlines() if line]
    assert lines[-1].startswith("Kierto cannot start")
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr
