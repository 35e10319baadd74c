"""What the tests of the screens may ask for."""

from __future__ import annotations

import pytest

from tests.views.driver import App


@pytest.fixture
async def tabs():
    """Open the app in a tab; every tab is closed at the end."""
    opened: list[App] = []

    async def open_(client, route="/", **how) -> App:
        opened.append(await App.start(client, route, **how))
        return opened[-1]

    yield open_
    for app in opened:
        await app.close()
