"""A field that a scanner may type into: the browser alone holds the text, so no answer of ours overwrites a key."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

import flet as ft

from views.session import use_style
from views.till.hooks import use_kept
from views.till.keys import use_focus
from views.tokens import Color, Size, Type

TextHandler = Callable[[str], Awaitable[None] | None]


@ft.observable
@dataclass(eq=False)
class Typed:
    """What stands in a field at this moment, for those beside it who want to know."""

    text: str = ""


@dataclass(eq=False)
class Port:
    """The lasting link between a field and its screen; the handlers change, the field is not rendered again."""

    typed: Typed = field(default_factory=Typed)
    on_text: TextHandler | None = None
    on_submit: TextHandler | None = None
    control: ft.Ref[ft.TextField] = field(default_factory=ft.Ref)

    async def focus(self) -> None:
        """Put the caret into the field."""
        if self.control.current is not None:
            with suppress(RuntimeError):  # it has just left the screen
                await self.control.current.focus()  # type: ignore[no-untyped-call]


def use_port(on_submit: TextHandler | None = None, on_text: TextHandler | None = None) -> Port:
    """A link to one field, for as long as the screen is shown."""
    port = use_kept(Port)
    port.on_submit, port.on_text = on_submit, on_text
    return port


@ft.component
def _Field(
    port: Port, name: str, version: int, autofocus: bool, numeric: bool, icon: ft.IconData | None, start: str
) -> ft.Control:
    async def changed(event: ft.Event[ft.TextField]) -> None:
        port.typed.text = event.control.value or ""
        await _call(port.on_text, port.typed.text)

    async def submitted(event: ft.Event[ft.TextField]) -> None:
        port.typed.text = event.control.value or ""
        await _call(port.on_submit, port.typed.text)

    focus, large = use_focus(), use_style(Type.TITLE)
    return ft.TextField(
        key=f"field-{version}",
        ref=port.control,
        label=name,
        value=start,
        autofocus=autofocus,
        autocorrect=False,
        enable_suggestions=False,
        keyboard_type=ft.KeyboardType.NUMBER if numeric else ft.KeyboardType.VISIBLE_PASSWORD,
        prefix_icon=icon,
        on_change=changed,
        on_submit=submitted,
        on_focus=focus.entered,
        on_blur=focus.left,
        text_style=large,
        border=ft.OutlineInputBorder(side=ft.BorderSide(Size.HAIRLINE, Color.LINE), border_radius=Size.RADIUS_SMALL),
        filled=True,
        fill_color=Color.CARD,
    )


_MemoField = ft.memo(_Field)  # type: ignore[no-untyped-call]


def typing_field(
    port: Port,
    name: str,
    *,
    version: int = 0,
    autofocus: bool = False,
    numeric: bool = False,
    icon: ft.IconData | None = None,
    start: str = "",
) -> ft.Control:
    """A field; a new ``version`` is a new, empty one (or one that begins with ``start``)."""
    shown: ft.Control = _MemoField(port, name, version, autofocus, numeric, icon, start)
    return shown


async def _call(handler: TextHandler | None, text: str) -> None:
    if handler is not None:
        done = handler(text)
        if inspect.isawaitable(done):
            await done
