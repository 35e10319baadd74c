"""Keys pressed anywhere on a screen, not only in a field."""

from __future__ import annotations

import inspect
import weakref
from collections.abc import Awaitable, Callable

import flet as ft
from flet.components.utils import current_component

from views.till.hooks import use_kept

KeyHandler = Callable[[str], Awaitable[None] | None]

_SAME = {"Decimal": ".", "Comma": ",", "Add": "+", "Subtract": "-"}
"""Keys of the number block, by what they type."""

_fields: weakref.WeakKeyDictionary[ft.Page, set[object]] = weakref.WeakKeyDictionary()
_handlers: weakref.WeakKeyDictionary[ft.Page, list[_Held]] = weakref.WeakKeyDictionary()


class _Held:
    """A screen's handler of this moment, and the state of the component that it belongs to."""

    def __init__(self, handle: KeyHandler) -> None:
        self.handle = handle
        self.kind = handle.__qualname__
        self.replaced = False
        # Not the component itself: when its parent is drawn anew, another object takes this state over.
        self._component = current_component()._state

    @property
    def is_shown(self) -> bool:
        """Whether its component is on screen. Flet drops cleanups while the browser is away, as in a reload."""
        return self._component.mounted


def use_keys(handle: KeyHandler) -> None:
    """Call ``handle`` with the name of each key pressed while this component is on screen.

    Names are Flutter's: ``Enter``, ``Escape``, ``F9``, ``A``, ``7``. Letters come without their case.
    """
    page = ft.context.page
    held = use_kept(lambda: _Held(handle))
    held.handle = handle

    def attach() -> None:
        handlers = _handlers.setdefault(page, [])
        if held in handlers or held.replaced:
            return
        # of one kind only the newest hears: a screen that is being replaced would add each amount once more
        for each in [each for each in handlers if each.kind == held.kind]:
            each.replaced = True
            handlers.remove(each)
        handlers.append(held)

        async def pressed(event: ft.KeyboardEvent) -> None:
            if event.ctrl or event.alt or event.meta:
                return
            name = event.key.removeprefix("Numpad ")
            for each in [each for each in handlers if each.is_shown]:
                done = each.handle(_SAME.get(name, name))
                if inspect.isawaitable(done):
                    await done

        page.on_keyboard_event = pressed

    def detach() -> None:
        handlers = _handlers.get(page, [])
        if held in handlers:
            handlers.remove(held)
        # The page goes on to send its keys: between two screens it would lose those of a hurried cashier.

    ft.use_effect(attach)  # after each rendering: one effect may be lost with the connection
    ft.use_effect(lambda: None, [], cleanup=detach)


def typing_in_a_field(page: ft.Page) -> bool:
    """Whether some field of this page has the focus, so that what is typed is its own."""
    return bool(_fields.get(page))


def focus_moved(page: ft.Page, field: object, focused: bool) -> None:
    """A field got or lost the focus, or left the screen."""
    fields = _fields.setdefault(page, set())
    (fields.add if focused else fields.discard)(field)
