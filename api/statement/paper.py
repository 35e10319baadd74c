"""A statement as a PDF: pure, from rows that were read; black on white, numbers to the right, nothing hidden."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from api.statement.repository import After, MovementRow
from api.statement.words import LOCALES, kind, word
from contract.journal import effect_of
from contract.money import POINTS, decimals

_FONT = Path(__file__).parent / "fonts" / "Roboto-Regular.ttf"
_INK, _QUIET, _BRAND, _LINE = (21, 28, 25), (71, 82, 77), (11, 107, 87), (210, 218, 213)
_MARGIN, _ROW = 16, 6.2
_DATE, _WHAT, _FIGURE = 24.0, 70.0, 28.0
"""Widths in millimetres; three columns of figures beside the first two fill A4 between its margins."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Whose statement it is, of what, and how it is said."""

    programme: str
    name: str
    number: str
    unit: str
    timezone: str
    language: str
    since: datetime | None
    until: datetime | None
    made: datetime


def pdf_of(heading: Heading, opening: After, rows: Sequence[MovementRow], closing: After) -> bytes:
    """The whole statement. Raises ValueError where the rows do not lead from the opening to the closing balance."""
    if not _adds_up(opening, rows, closing):
        raise ValueError("the movements do not add up to the balance")
    paper = _Paper(heading)
    paper.add_page()
    paper.head()
    paper.columns()
    paper.balance("opening", opening)
    for row in rows:
        paper.movement(row)
    if not rows:
        paper.sentence(paper.say("none"))
    paper.balance("closing", closing)
    paper.sentence(paper.say("adds_up"))
    return bytes(paper.output())


def _adds_up(opening: After, rows: Iterable[MovementRow], closing: After) -> bool:
    sums = list(opening[1:4])
    for row in rows:
        effect = effect_of(row.from_account, row.to_account, row.amount)
        sums = [had + change for had, change in zip(sums, effect, strict=True)]
        if sums != [row.pending_after, row.available_after, row.debt_after]:
            return False
    return sums == list(closing[1:4])


class _Paper(FPDF):
    """A4 with our font, header on the first page, columns' names and a page number on every one."""

    def __init__(self, heading: Heading) -> None:
        super().__init__(format="A4")
        self.heading = heading
        self._locale = Locale.parse(LOCALES[heading.language])
        self._zone = ZoneInfo(heading.timezone)
        self._money = _pattern(self._locale, 0 if heading.unit == POINTS else decimals(heading.unit))
        self.set_margins(_MARGIN, _MARGIN)
        self.set_auto_page_break(auto=True, margin=_MARGIN + _ROW)
        self.add_font("Roboto", fname=_FONT)
        self.set_font("Roboto", size=9)
        self.set_title(f"{heading.programme}: {self.say('title')}")
        self.set_lang(heading.language)
        self.set_creation_date(heading.made)

    # what FPDF calls

    def header(self) -> None:
        """The columns' names again, from the second page on."""
        if self.page_no() > 1:
            self.columns()

    def footer(self) -> None:
        """Which page of how many."""
        self.set_y(-_MARGIN)
        self._ink(_QUIET, 8)
        made = self.say("made", date=self._day(self.heading.made))
        self.cell(90, 5, f"{self.heading.programme} · {made}")
        self.cell(0, 5, self.say("page", page=self.page_no(), pages="{nb}"), align="R")

    # its parts

    def head(self) -> None:
        """Whose it is, and of when."""
        about = self.heading
        self._ink(_BRAND, 11)
        self._line(about.programme, 6)
        self._ink(_INK, 20)
        self._line(self.say("title"), 11)
        self._ink(_QUIET, 10)
        self._line(f"{about.name} · {self.say('number')} {about.number}" if about.name else about.number, 6)
        self._line(self._range(), 6)
        self.ln(4)

    def columns(self) -> None:
        """The names of the columns."""
        self._ink(_QUIET, 8)
        names = [self.say("change"), self.say("pending"), self.say("available")]
        self._cells(self.say("date"), self.say("what"), names)
        self._rule()

    def balance(self, name: str, after: After) -> None:
        """The balances before or after."""
        self._ink(_BRAND, 9)
        figures = ["", self.money(after.pending), self.money(after.available)]
        self._cells("", self.say(name), figures)
        if after.debt:
            self._ink(_QUIET, 9)
            self._cells("", self.say("debt"), ["", "", self.money(after.debt)])
        self._rule()

    def movement(self, row: MovementRow) -> None:
        """One line."""
        self._ink(_INK, 9)
        change = _change(row)
        sign = "+" if change > 0 else ""
        figures = [sign + self.money(change), self.money(row.pending_after), self.money(row.available_after)]
        self._cells(self._day(row.recorded_at), self._what(row), figures)

    def sentence(self, words: str) -> None:
        """A sentence below the table."""
        self.ln(1)
        self._ink(_QUIET, 9)
        self.multi_cell(0, 5, words, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(1)

    def say(self, name: str, **params: object) -> str:
        """A word in the reader's language."""
        return word(name, self.heading.language, **params)

    def money(self, amount: int) -> str:
        """An amount in the locale's form, with spaces that the font has."""
        if self.heading.unit == POINTS:
            text = str(numbers.format_decimal(amount, locale=self._locale))
        else:
            value = Decimal(amount).scaleb(-decimals(self.heading.unit))
            text = numbers.format_currency(
                value, self.heading.unit, format=self._money, locale=self._locale, currency_digits=False
            )
        return _printable(text)

    # how

    def _what(self, row: MovementRow) -> str:
        given, returned = row.to_account == "available", row.refund_id is not None
        said = kind(row.kind, self.heading.language, given=given, returned=returned)  # type: ignore[arg-type]
        if row.store:
            said = f"{said} · {row.store}"
        if self._there(row.event_at).date() != self._there(row.recorded_at).date():
            said = f"{said}, {self.say('of_day', date=self._day(row.event_at))}"
        return said

    def _range(self) -> str:
        about = self.heading
        if about.since is None and about.until is None:
            return self.say("everything")
        end = about.made if about.until is None else min(about.until, about.made)
        start = self._day(about.since) if about.since is not None else "…"
        return self.say("range", start=start, end=self._day(end, before=about.until is not None and end < about.made))

    def _day(self, at: datetime, *, before: bool = False) -> str:
        day = self._there(at)
        if before:  # a range ends before its end, so its last day is that of the moment before
            day = day.fromtimestamp(day.timestamp() - 1, self._zone)
        return _printable(dates.format_skeleton("yMMMd", day, locale=self._locale, fuzzy=True))

    def _there(self, at: datetime) -> datetime:
        return at.astimezone(self._zone)

    def _ink(self, color: tuple[int, int, int], size: float) -> None:
        self.set_text_color(*color)
        self.set_font_size(size)

    def _line(self, text: str, height: float) -> None:
        self.cell(0, height, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _cells(self, date: str, what: str, figures: list[str]) -> None:
        self.cell(_DATE, _ROW, date)
        self.cell(_WHAT, _ROW, self._fit(what, _WHAT - 2))
        for figure in figures[:-1]:
            self.cell(_FIGURE, _ROW, figure, align="R")
        self.cell(0, _ROW, figures[-1], align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _fit(self, text: str, width: float) -> str:
        """The text, cut with an ellipsis where the column is too narrow."""
        if self.get_string_width(text) <= width:
            return text
        while text and self.get_string_width(text + "…") > width:
            text = text[:-1]
        return text + "…"

    def _rule(self) -> None:
        self.set_draw_color(*_LINE)
        self.line(self.l_margin, self.get_y(), self.w - self.r_margin, self.get_y())


def _printable(text: str) -> str:
    """With the signs that our font has."""
    return text.replace("\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}")


def _change(row: MovementRow) -> int:
    """What the line is about: the available balance where that changed, else what is pending, else what is owed."""
    pending, available, debt = effect_of(row.from_account, row.to_account, row.amount)
    return available or pending or -debt


def _pattern(locale: Locale, places: int) -> Any:
    pattern: Any = copy.copy(locale.currency_formats["standard"])
    pattern.frac_prec = (places, places)
    return pattern
