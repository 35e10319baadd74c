"""What every test may ask for."""

from tests.support.fixtures import *  # noqa: F403
