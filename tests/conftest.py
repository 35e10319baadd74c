"""What every test may ask for, and how a run is spread over the machine."""

from pathlib import Path

import pytest

from tests.support.fixtures import *  # noqa: F403
from tests.support.memory import keep_temporary_folders_in_memory
from tests.support.spread import spread

keep_temporary_folders_in_memory()
_HERE = Path(__file__).parent
_LONG = (_HERE / "e2e", _HERE / "faults", _HERE / "api" / "test_openapi_fuzz.py")
"""Where a file takes a minute: browsers, whole servers, and each route many times."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spread what takes long over the run: two browsers at once slow each other, and one at the end is waited for."""
    files = list(dict.fromkeys(item.path for item in items))
    place = {
        path: n for n, path in enumerate(spread(files, lambda path: any(path.is_relative_to(each) for each in _LONG)))
    }
    items.sort(key=lambda item: place[item.path])
