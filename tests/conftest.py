"""What every test may ask for, and how a run is spread over the machine."""

import os

from tests.support.fixtures import *  # noqa: F403
from tests.support.memory import keep_temporary_folders_in_memory

keep_temporary_folders_in_memory()


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are processors: a test waits for browsers and servers for a third of its time."""
    return len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)) + 1
