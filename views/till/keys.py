"""Keys pressed anywhere on a screen, not only in a field, and codes that a scanner types there."""

from __future__ import annotations

import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any

import flet as ft
from flet.components.utils import current_component

from services.scanning import Keyed, KeyLog
from views.till.hooks import use_kept

KeyHandler = Callable[[str], Awaitable[None] | None]
ScanHandler = Callable[[Keyed], Awaitable[bool] | bool]

_SAME = {"Decimal": ".", "Comma": ",", "Add": "+", "Subtract": "-"}
"""Keys of the number block, by what they type."""
_KEPT_AS = "keyboard"


class _Held:
    """A screen's handler of this moment, and the state of the component that it belongs to."""

    def __init__(self, handle: Callable[..., Any], scans: bool) -> None:
        self.handle = handle
        self.kind = handle.__qualname__
        self.scans = scans
        # Not the component itself: when its parent is drawn anew, another object takes this state over.
        self._component = current_component()._state

    @property
    def is_shown(self) -> bool:
        """Whether its component is on screen. Flet drops cleanups while the browser is away, as in a reload."""
        return self._component.mounted


class Focus:
    """One field's part in what is typed: its own while it has the focus and is on screen."""

    def __init__(self) -> None:
        self._page = ft.context.page
        self._component = current_component()._state

    @property
    def is_shown(self) -> bool:
        """Whether its field is on screen, whatever became of its farewell."""
        return self._component.mounted

    def entered(self) -> None:
        """The caret is in it."""
        keyboard_of(self._page).focused.add(self)

    def left(self) -> None:
        """The caret is elsewhere, or the field has left the screen."""
        keyboard_of(self._page).focused.discard(self)


class Keyboard:
    """Of one page: who hears its keys, which of its fields has the focus, what was keyed since the last Enter."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.now = now
        self.held: list[_Held] = []
        self.focused: set[Focus] = set()
        self.log = KeyLog()

    def hearing(self, *, scans: bool) -> list[_Held]:
        """Who is on screen; of one kind the newest alone: a screen being replaced would add each amount once more."""
        newest = {each.kind: each for each in self.held if each.is_shown and each.scans is scans}
        return list(newest.values())

    async def pressed(self, event: ft.KeyboardEvent) -> None:
        """One key. An Enter that ends a scan is nobody's Enter."""
        if event.ctrl or event.alt or event.meta:
            return
        name = event.key.removeprefix("Numpad ")
        name = _SAME.get(name, name)
        keyed = self.log.feed(name, self.now())
        if keyed is not None:
            for each in self.hearing(scans=True):
                if await _done(each.handle(keyed)):
                    return
        for each in self.hearing(scans=False):
            await _done(each.handle(name))


def use_keys(handle: KeyHandler) -> None:
    """Call ``handle`` with the name of each key pressed while this component is on screen.

    Names are Flutter's: ``Enter``, ``Escape``, ``F9``, ``A``, ``7``. Letters come without their case.
    """
    _use(handle, scans=False)


def use_scanner(handle: ScanHandler) -> None:
    """Call ``handle`` with what was keyed up to each Enter; True: it was a scan, and nobody else hears that Enter."""
    _use(handle, scans=True)


def _use(handle: Callable[..., Any], *, scans: bool) -> None:
    page = ft.context.page
    held = use_kept(lambda: _Held(handle, scans))
    held.handle = handle

    def attach() -> None:
        keyboard = keyboard_of(page)
        keyboard.held = [each for each in keyboard.held if each.is_shown]
        if held not in keyboard.held:
            keyboard.held.append(held)
        page.on_keyboard_event = keyboard.pressed

    def detach() -> None:
        keyboard = keyboard_of(page)
        keyboard.held = [each for each in keyboard.held if each is not held]
        # The page goes on to send its keys: between two screens it would lose those of a hurried cashier.

    ft.use_effect(attach)  # after each rendering: one effect may be lost with the connection
    ft.use_effect(lambda: None, [], cleanup=detach)


def keyboard_of(page: ft.Page) -> Keyboard:
    """The keyboard of a page. Its session keeps it, and nothing outlives that: a closed tab leaves nothing behind."""
    store = page.session.store
    if not store.contains_key(_KEPT_AS):
        store.set(_KEPT_AS, Keyboard())
    keyboard: Keyboard = store.get(_KEPT_AS)
    return keyboard


def typing_in_a_field(page: ft.Page) -> bool:
    """Whether some field of this page has the focus, so that what is typed is its own."""
    return any(each.is_shown for each in keyboard_of(page).focused)


def use_focus() -> Focus:
    """The focus of the field that this component shows."""
    focus = use_kept(Focus)
    ft.use_effect(lambda: None, [], cleanup=focus.left)
    return focus


async def _done(answer: Any) -> Any:
    return await answer if inspect.isawaitable(answer) else answer
