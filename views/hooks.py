"""Flet's hooks with the types that callers need."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import flet as ft

T = TypeVar("T")


def use_kept(make: Callable[[], T]) -> T:
    """A value made once, for as long as the component is shown."""
    ref: Any = ft.use_ref(None)
    if ref.current is None:
        ref.current = make()
    return cast("T", ref.current)


def use_watched(observable: T) -> T:
    """An observable; the component renders again when it changes."""
    state: Any = cast("Any", ft.use_state)(lambda: observable)
    return cast("T", state[0])


def use_value(initial: T) -> tuple[T, Callable[[T], None]]:
    """A value of this component; a new one renders it again."""
    state: Any = cast("Any", ft.use_state)(initial)
    return cast("T", state[0]), state[1]
