"""What `make run` installs is enough to run: nothing leans on a package that only the tests bring."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

GUARD = """
import importlib.metadata, re, sys
locked = set(sys.argv[1].split())
named = lambda name: re.sub(r"[-_.]+", "-", name).lower()
owners = importlib.metadata.packages_distributions()

class OnlyLocked:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top in owners and not locked & {named(each) for each in owners[top]}:
            raise ModuleNotFoundError(f"{name} is not in requirements.lock", name=name)

sys.meta_path.insert(0, OnlyLocked())
import sqlalchemy.ext.asyncio
import main, views.app, views.host.site, views.host.server, views.camera, services.scanning
import api.app, api.cli, api.demo.seed, api.database.running, api.database.migrate
from api.settings import load_settings
import pathlib, tempfile
api.cli.build()
folder = pathlib.Path(tempfile.mkdtemp())
api.app.create_app(load_settings(_env_file=None, data_dir=folder, demo="true", secret_key="k" * 40))
services.scanning.zxing_decoder()
"""


def locked(name: str) -> set[str]:
    """The packages of a lock file."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return {re.sub(r"[-_.]+", "-", found).lower() for found in re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE)}


def test_the_product_runs_with_the_packages_that_it_installs() -> None:
    packages = " ".join(sorted(locked("requirements.lock")))
    done = subprocess.run(
        [sys.executable, "-c", GUARD, packages], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_tests_packages_hold_the_products_at_the_same_versions() -> None:
    pins = {
        name: set(re.findall(r"^([A-Za-z0-9._-]+==[^ ;\\]+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    }
    assert pins["requirements.lock"] <= pins["requirements-dev.lock"]


def test_no_lock_names_a_host() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        assert "://" not in (ROOT / name).read_text(encoding="utf-8")
