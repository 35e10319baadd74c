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
SECOND_TRIES = 2
"""Browser tests of one run that may pass at their second try; more than that is the app's fault, not the machine's."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spread what takes long over the run: two browsers at once slow each other, and one at the end is waited for."""
    files = list(dict.fromkeys(item.path for item in items))
    place = {
        path: n for n, path in enumerate(spread(files, lambda path: any(path.is_relative_to(each) for each in _LONG)))
    }
    items.sort(key=lambda item: place[item.path])


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run in which too much passed only at its second try. The summary names each."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    tried_again = reporter.stats.get("rerun", []) if reporter is not None else []
    if len(tried_again) > SECOND_TRIES:
        reporter.write_line(f"{len(tried_again)} tests needed a second try, and {SECOND_TRIES} may.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
