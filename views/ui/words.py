"""Text in the five styles of the look."""

from __future__ import annotations

import flet as ft

from views.tokens import Color, Type, style_of

_BIG, _LONG = 9, 12
"""Letters of a figure that a phone has room for, with text half as large again."""
_MORE = 6
"""Letters more where it is roomy."""


def text(
    value: str,
    style: ft.TextThemeStyle = Type.BODY,
    color: str = Color.TEXT,
    *,
    lines: int | None = None,
    centred: bool = False,
    spoken: str | None = None,
    strong: bool = False,
    expand: bool = False,
    yields: bool = False,
) -> ft.Text:
    """A text in one of the styles.

    ``lines`` cuts it with an ellipsis; ``spoken`` is what a screen reader says; in a row ``expand`` takes all the room
    that is left, ``yields`` what the words need and no more than there is, so that large text wraps.
    """
    return ft.Text(
        value,
        theme_style=style,
        color=color,
        weight=ft.FontWeight.W_600 if strong else None,
        max_lines=lines,
        overflow=ft.TextOverflow.ELLIPSIS if lines else ft.TextOverflow.CLIP,
        text_align=ft.TextAlign.CENTER if centred else ft.TextAlign.START,
        semantics_label=spoken,
        expand=expand or yields or None,
        expand_loose=yields,
    )


def display(value: str, color: str = Color.TEXT, *, centred: bool = False, roomy: bool = False) -> ft.Text:
    """The one big figure of a screen; a long one is smaller, for a figure that breaks is two, but where it is roomy."""
    length = len(value) - (_MORE if roomy else 0)
    style = Type.DISPLAY if length <= _BIG else Type.HEADLINE if length <= _LONG else Type.TITLE
    return text(value, style, color, centred=centred)


def title(value: str, color: str = Color.TEXT, *, centred: bool = False, level: int = 2) -> ft.Semantics:
    """A heading, which a screen reader can jump to."""
    return ft.Semantics(content=text(value, Type.TITLE, color, centred=centred), header=True, heading_level=level)


def body(value: str, color: str = Color.TEXT, *, centred: bool = False, lines: int | None = None) -> ft.Text:
    """Running text."""
    return text(value, Type.BODY, color, centred=centred, lines=lines)


def label(
    value: str, color: str = Color.TEXT, *, lines: int | None = None, centred: bool = False, yields: bool = False
) -> ft.Text:
    """The name of a thing in a row or on a card."""
    return text(value, Type.LABEL, color, lines=lines, centred=centred, yields=yields)


def caption(
    value: str, color: str = Color.QUIET, *, lines: int | None = None, centred: bool = False, yields: bool = False
) -> ft.Text:
    """What stands below or beside, quietly."""
    return text(value, Type.CAPTION, color, lines=lines, centred=centred, yields=yields)


def around_a_line(height: int, sides: int) -> ft.Padding:
    """What makes a pill or a button with one label so high; one of more lines, or of larger text, grows."""
    style = style_of(Type.LABEL)
    return ft.Padding.symmetric(vertical=(height - (style.size or 0) * (style.height or 1)) / 2, horizontal=sides)
