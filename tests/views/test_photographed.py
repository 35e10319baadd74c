"""Every screen of a shopper's is in the pictures that are looked at."""

from __future__ import annotations

import re

from tests.support.screenshots import NOBODY, SHOPPER
from tests.views.test_languages import _paths
from views.routes import routes

ON_THE_WAY = {"/sign-in/code", "/sign-in/join"}
"""Reached by somebody who signs in for the first time."""


def test_every_screen_of_a_shopper_is_photographed():
    screens = {path for path in _paths(routes(panes=False)) if not path.startswith("/till")}
    pictures = {re.sub(r"{\w+}", ":id", path) for path in (*SHOPPER.values(), *NOBODY.values())}
    assert screens - pictures == ON_THE_WAY
