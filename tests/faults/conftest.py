"""Faults are real here: processes are killed, connections cut, disks filled. Seeds are printed; a seed repeats a run.

KIERTO_FAULT_ROUNDS is how often a random fault strikes (`make faults` sets 20); KIERTO_FAULT_SEED repeats one run;
KIERTO_FAULT_KEEP=1 keeps logs and data.
"""

from __future__ import annotations

import os
import random
import secrets
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.house import House, open_house
from tests.faults.serving import SERVE, Serving

ROUNDS = int(os.environ.get("KIERTO_FAULT_ROUNDS", "0"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.fault)
            item.add_marker(pytest.mark.timeout(240 + 90 * ROUNDS))
            if not sys.platform.startswith("linux"):
                item.add_marker(pytest.mark.skip(reason="these tests find processes in /proc"))


@pytest.fixture
def rounds() -> Callable[[int], int]:
    """`rounds(2)`: how often a fault strikes; 2 in the quick form."""
    return lambda quick: ROUNDS or quick


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    """Chance with a printed seed."""
    seed = int(os.environ.get("KIERTO_FAULT_SEED") or secrets.randbelow(10**9))
    print(f"\n{request.node.name}: KIERTO_FAULT_SEED={seed}")
    return random.Random(seed)  # noqa: S311 - a test's dice


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """Where these tests keep data directories and logs; gone afterwards."""
    made = Path(tempfile.mkdtemp(prefix="kierto-fault-"))
    made.chmod(0o755)
    yield made
    if os.environ.get("KIERTO_FAULT_KEEP"):
        print(f"\nlogs and data are kept in {made}")
    else:
        shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="session")
async def house(folder: Path) -> AsyncIterator[House]:
    """`python -m api serve` with its embedded PostgreSQL, fsync on, and a shop with members; it outlives its faults."""
    serving = Serving(folder / "house")
    try:
        serving.start()
        async with open_house(serving, serving.connections()) as opened:
            yield opened
    finally:
        serving.stop()


@pytest.fixture(scope="session")
def workers_of_house(house: House, folder: Path) -> Iterator[Serving]:
    serving = Serving(folder / "workers", *SERVE, "--workers", "2", url=house.connections.owner_dsn)
    yield serving
    serving.stop()


@pytest.fixture
def workers(workers_of_house: Serving) -> Serving:
    """`python -m api serve --workers 2`, beside the house's own process and on its database."""
    if not workers_of_house.is_alive:
        workers_of_house.start()
    return workers_of_house


@pytest.fixture
def serve(folder: Path, connections) -> Iterator[Callable[..., Serving]]:
    """`serve(*command)`: another API process on the test's own database, yet to be started; it ends with the test."""
    started: list[Serving] = []

    def make(*command: str) -> Serving:
        started.append(Serving(folder / f"api-{secrets.token_hex(4)}", *command, url=connections.owner_dsn))
        return started[-1]

    yield make
    for serving in started:
        serving.stop()
