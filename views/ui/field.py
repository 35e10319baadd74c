"""A field to type into. The browser alone holds the text: no answer of ours overwrites what is being typed."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, cast

import flet as ft

from views.session import use_style
from views.till.keys import use_focus
from views.tokens import Color, Size, Space, Type
from views.ui.words import caption

Handler = Callable[[str], Awaitable[Any] | Any]


@dataclass(frozen=True)
class Look:
    """How a field looks and what a keyboard should offer for it."""

    keyboard: ft.KeyboardType = ft.KeyboardType.TEXT
    autofill: ft.AutofillHint | None = None
    digits: int | None = None
    secret: bool = False
    large: bool = False
    icon: ft.IconData | None = None


@dataclass(eq=False)
class Entry:
    """What stands in a field, and who is told of it."""

    text: str = ""
    on_text: Handler | None = None
    on_submit: Handler | None = None
    control: ft.Ref[ft.TextField] = field(default_factory=ft.Ref)


def use_entry_field(on_submit: Handler | None = None, on_text: Handler | None = None) -> Entry:
    """A link to one field, for as long as the component is shown."""
    ref: Any = ft.use_ref(None)
    if ref.current is None:
        ref.current = Entry()
    entry = cast("Entry", ref.current)
    entry.on_text, entry.on_submit = on_text, on_submit
    return entry


@ft.component
def _Field(entry: Entry, name: str, start: str, version: int, focus: bool, look: Look) -> ft.Control:
    async def changed(event: ft.Event[ft.TextField]) -> None:
        entry.text = event.control.value or ""
        await _call(entry.on_text, entry.text)

    async def submitted(event: ft.Event[ft.TextField]) -> None:
        entry.text = event.control.value or ""
        await _call(entry.on_submit, entry.text)

    focus_of, digits = use_focus(), use_style(Type.CODE)
    long = len(name) > _LONG
    typed = ft.TextField(
        key=f"field-{version}",
        ref=entry.control,
        label=name,
        label_style=_UNSEEN if long else None,
        value=start,
        autofocus=focus,
        autocorrect=False,
        password=look.secret,
        keyboard_type=look.keyboard,
        autofill_hints=[look.autofill] if look.autofill else None,
        input_filter=ft.NumbersOnlyInputFilter() if look.digits else None,  # type: ignore[no-untyped-call]
        max_length=look.digits,
        counter="",
        text_align=ft.TextAlign.CENTER if look.large else ft.TextAlign.START,
        text_style=digits if look.large else None,
        prefix_icon=look.icon,
        border={
            ft.ControlState.FOCUSED: _line(Size.FOCUS, Color.BRAND, whole=long),
            ft.ControlState.DEFAULT: _line(Size.HAIRLINE, Color.LINE, whole=long),
        },
        filled=True,
        fill_color=Color.CARD,
        on_change=changed,
        on_submit=submitted,
        on_focus=focus_of.entered,
        on_blur=focus_of.left,
    )
    if not long:
        return typed
    above = ft.Semantics(content=caption(name), exclude_semantics=True)
    return ft.Column([above, typed], spacing=Space.XS, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _line(width: int, tone: str, *, whole: bool) -> ft.OutlineInputBorder:
    """The frame; it has a gap for the name where that stands in it."""
    gap = Space.NONE if whole else Space.XS
    return ft.OutlineInputBorder(side=ft.BorderSide(width, tone), border_radius=Size.RADIUS_SMALL, gap_padding=gap)


_LONG = 28
"""Letters of a name that a field has room for on a phone; a longer one stands above it, where it can wrap."""
_UNSEEN = ft.TextStyle(size=0.1, color=Color.CLEAR)
"""The name inside such a field: only a screen reader needs it there."""
_MemoField = ft.memo(_Field)  # type: ignore[no-untyped-call]
_PLAIN = Look()


def entry_field(
    entry: Entry, name: str, *, start: str = "", version: int = 0, focus: bool = False, look: Look = _PLAIN
) -> ft.Control:
    """A field that begins with ``start``; a new ``version`` is a new field, empty again."""
    shown: ft.Control = _MemoField(entry, name, start, version, focus, look)
    return shown


async def _call(handler: Handler | None, text: str) -> None:
    if handler is not None:
        done = handler(text)
        if inspect.isawaitable(done):
            await done
