"""A component with a key: another key is another component, with a state of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft


def keyed(component: Callable[..., ft.Control], key: str, *props: Any) -> ft.Control:
    """``component(*props)`` under a key, which Flet's own type of a component does not know."""
    return component(*props, key=key)
