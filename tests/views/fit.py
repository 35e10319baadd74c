"""Whether the words on a screen have room: Flutter's rules of width, with the real widths of the app's font.

Only widths are laid out, as Flutter does it: a column hands its width down, a row gives what has no share as much as
it wants and divides the rest, a wrapping row gives each its own line at the worst. A text wraps between words; a
problem is a word that is wider than its line, a text that is cut after its last line, and a row that is wider than its
place.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import flet as ft
from flet.controls.base_control import BaseControl
from PIL import ImageFont

from views.tokens import STYLES

FONT = Path(__file__).resolve().parents[2] / "api" / "statement" / "fonts" / "Roboto-Regular.ttf"
UNITS = 100
BOLDER = 1.02
"""A heavier weight is drawn by thickening: a little wider."""
SLACK = 1.0
"""Pixels that rounding may take."""
BAR_SCALE, TITLE_SCALE = 1.3, 1.34
"""Flutter lets the words of its own bars grow no further."""
LABEL_ABOVE = 0.75
"""How large a field's label is while it stands above what is typed."""
_HEAVY = {ft.FontWeight.W_500, ft.FontWeight.W_600, ft.FontWeight.W_700, ft.FontWeight.BOLD}


@functools.cache
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), UNITS)


@functools.cache
def advance(words: str) -> float:
    """The width of words in units of the font's size; of several lines the longest counts."""
    return max(float(_font().getlength(line)) for line in words.split("\n")) / UNITS


@dataclass
class Fit:
    """Lays a page out; what does not fit is in ``problems``."""

    scale: float
    problems: list[str] = field(default_factory=list)

    def page(self, view: ft.View, width: float) -> None:
        """A whole view: its bar on top, its content, its bar below."""
        if view.appbar is not None:
            self._app_bar(view.appbar, width)
        if isinstance(view.navigation_bar, ft.NavigationBar):
            self._navigation(view.navigation_bar, width)
        inner = width - _sides(view.padding if view.padding is not None else 10)
        for each in _flat(view.controls):
            self.check(each, inner)

    def dialog(self, dialog: ft.AlertDialog, width: float) -> None:
        """A dialog: 40 at each side, 24 inside."""
        inner = width - 80 - 48
        for each in _flat([dialog.title, dialog.content, *dialog.actions]):
            self.check(each, inner)

    # widths

    def measure(self, text: ft.Text, words: str, scale: float | None = None) -> float:
        """The width of words in a text's style."""
        style = text.style or (STYLES[text.theme_style] if text.theme_style else ft.TextStyle())
        size = text.size or style.size or 14
        heavy = (text.weight or style.weight) in _HEAVY
        spaced = len(words) * (style.letter_spacing or 0)
        return (advance(words) * size * (BOLDER if heavy else 1) + spaced) * (scale or self.scale)

    def natural(self, node: BaseControl) -> float:
        """How wide a control becomes where nothing limits it."""
        width = getattr(node, "width", None)
        if width is not None:
            return float(width)
        if isinstance(node, ft.Text):
            return max(self.measure(node, line) for line in (node.value or "").split("\n"))
        if isinstance(node, ft.Icon):
            return float(node.size or 24)
        if isinstance(node, ft.Row):
            parts = list(_flat(node.controls))
            return sum(self.natural(each) for each in parts) + _gaps(node, parts)
        if isinstance(node, ft.IconButton | ft.Checkbox | ft.Radio):
            return 48 + self._label(node)
        if isinstance(node, ft.Switch):
            return 60 + self._label(node)
        inside = list(_inside(node))
        return max((self.natural(each) for each in inside), default=0) + _frame(node)

    def _label(self, node: BaseControl) -> float:
        label = getattr(node, "label", None)
        return advance(label) * 16 * self.scale if isinstance(label, str) else 0

    # laying out

    def check(self, node: BaseControl, width: float) -> None:
        """Lay a control out in so many pixels."""
        fixed = getattr(node, "width", None)
        width = min(width, float(fixed)) if fixed is not None else width
        if isinstance(node, ft.Text):
            self._text(node, width)
        elif isinstance(node, ft.Row):
            self._row(node, width)
        elif isinstance(node, ft.TextField):
            self._field(node, width)
        elif isinstance(node, ft.Checkbox | ft.Switch | ft.Radio | ft.IconButton | ft.Icon):
            if isinstance(getattr(node, "label", None), str) and self.natural(node) > width + SLACK:
                self._say(node.label, self.natural(node), width)
        else:
            inner = width - _frame(node)
            for each in _inside(node):
                self.check(each, inner)

    def _text(self, text: ft.Text, width: float) -> None:
        words = text.value or ""
        lines = sum(self._lines(text, line, width) for line in words.split("\n"))
        longest = max((self.measure(text, word) for word in words.replace("\n", " ").split(" ")), default=0)
        if longest > width + SLACK and text.max_lines != 1:
            self._say(words, longest, width)
        elif text.max_lines is not None and lines > text.max_lines:
            self._say(f"{words} (cut after line {text.max_lines})", self.measure(text, words), width)

    def _lines(self, text: ft.Text, line: str, width: float) -> int:
        count, used, space = 1, 0.0, self.measure(text, " ")
        for word in line.split(" "):
            wide = self.measure(text, word)
            if used and used + space + wide > width + SLACK:
                count, used = count + 1, wide
            else:
                used += wide + (space if used else 0)
            if wide > width + SLACK:
                count += 1
        return count

    def _row(self, row: ft.Row, width: float) -> None:
        parts = list(_flat(row.controls))
        if row.scroll is not None:
            return
        if row.wrap:
            for each in parts:
                self.check(each, min(self.natural(each), width))
            return
        firm = [each for each in parts if not each.expand]
        left = width - sum(self.natural(each) for each in firm) - _gaps(row, parts)
        if left < -SLACK:
            self._say(_words(row), width - left, width)
        shares = sum(_share(each) for each in parts)
        for each in parts:
            room = max(left, 0) * _share(each) / shares if each.expand else self.natural(each)
            self.check(each, min(room, self.natural(each)) if each.expand_loose else room)

    def _field(self, node: ft.TextField, width: float) -> None:
        icons = sum(48 for icon in (node.prefix_icon, node.suffix_icon, node.suffix) if icon is not None)
        room = width - 24 - icons
        style = ft.Text(size=node.text_size or 16)
        # a label that has no room in its large form is read above the field, in its small one
        shrunk = LABEL_ABOVE if self.scale > 1 else 1
        unseen = node.label_style is not None and (node.label_style.size or 0) <= 1
        for words in (None if unseen else node.label, node.hint_text):
            if isinstance(words, str) and self.measure(style, words) * shrunk > room + SLACK:
                self._say(words, self.measure(style, words) * shrunk, room)

    def _app_bar(self, bar: Any, width: float) -> None:
        title = bar.title
        room = width - (56 if bar.leading is not None or bar.automatically_imply_leading else 0) - 32
        room -= 48 * len(bar.actions or [])
        if isinstance(title, ft.Text):
            wide = self.measure(title, title.value or "", min(self.scale, TITLE_SCALE))
            if wide > room + SLACK:
                self._say(title.value, wide, room)

    def _navigation(self, bar: ft.NavigationBar, width: float) -> None:
        style, room = ft.Text(size=12, weight=ft.FontWeight.W_500), width / len(bar.destinations)
        for each in bar.destinations:
            wide = self.measure(style, str(each.label), min(self.scale, BAR_SCALE))
            if wide > room + SLACK:
                self._say(each.label, wide, room)

    def _say(self, words: Any, needs: float, has: float) -> None:
        self.problems.append(f"{words!r} needs {needs:.0f} of {has:.0f}")


def _flat(nodes: Any) -> Iterator[BaseControl]:
    """The controls themselves: a component is what it has rendered."""
    for node in nodes if isinstance(nodes, list | tuple) else [nodes]:
        if isinstance(node, list | tuple):
            yield from _flat(node)
        elif isinstance(node, BaseControl) and getattr(node, "visible", True) is not False:
            body = getattr(node, "_b", None)
            yield from _flat(body) if body is not None else [node]


def _inside(node: BaseControl) -> Iterator[BaseControl]:
    for name in ("content", "controls", "title", "subtitle"):
        value = getattr(node, name, None)
        if isinstance(value, BaseControl | list):
            yield from _flat(value)
        elif isinstance(value, str) and value and name == "content":
            yield ft.Text(value, size=14)


def _frame(node: BaseControl) -> float:
    """What padding and margins take of a width."""
    if isinstance(node, ft.FilledButton | ft.OutlinedButton | ft.TextButton):
        given = node.style.padding if node.style is not None else None
        return _sides(given if given is not None else (12 if isinstance(node, ft.TextButton) else 24))
    return _sides(getattr(node, "padding", None)) + _sides(getattr(node, "margin", None))


def _sides(value: Any) -> float:
    if value is None:
        return 0
    return float(value.left + value.right) if hasattr(value, "left") else 2.0 * float(value)


def _gaps(row: ft.Row, parts: list[BaseControl]) -> float:
    spacing = 10 if row.spacing is None else row.spacing
    return float(spacing) * max(len(parts) - 1, 0)


def _share(node: BaseControl) -> int:
    return int(getattr(node, "expand", 0) or 0)


def _words(node: BaseControl) -> str:
    if isinstance(node, ft.Text):
        return node.value or ""
    parts = _flat(node.controls) if isinstance(node, ft.Row) else _inside(node)
    return " | ".join(filter(None, (_words(each) for each in parts)))
