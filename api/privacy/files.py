"""The files of a copy: one JSON with everything, and what a person can read. Written a page at a time, then packed."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from contract.money import decimals

_STYLE = (
    "body{font-family:system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#151c19}"
    "table{border-collapse:collapse;width:100%}"
    "td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #d2dad5}"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}h2{font-size:1.1rem;margin-top:2rem}"
)
PROFILE, EVERYTHING, MOVEMENTS, PURCHASES = "profile.html", "everything.json", "movements.csv", "purchases.html"


class Folder:
    """A folder that becomes one ZIP."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._first = True

    def begin(self, about: Mapping[str, Any], movement_columns: Sequence[str], title: str) -> None:
        """What is known at once: all but movements and purchases. A CSV and two lists are left open."""
        self._append(EVERYTHING, to_json(dict(about), indent=1)[:-2])
        self._append(EVERYTHING, b',\n "movements": [')
        self._append(MOVEMENTS, b"\xef\xbb\xbf" + _csv([movement_columns]))
        self._append(PURCHASES, _head(title))
        self._append(PROFILE, _page(title, about).encode())

    def movements(self, documents: Sequence[Mapping[str, Any]], rows: Iterable[Sequence[object]]) -> None:
        """A page of movements."""
        self._list(documents)
        self._append(MOVEMENTS, _csv(rows))

    def purchases_begin(self) -> None:
        """After the last movement."""
        self._append(EVERYTHING, b'],\n "purchases": [')
        self._first = True

    def purchases(self, documents: Sequence[Mapping[str, Any]]) -> None:
        """A page of purchases."""
        self._list(documents)
        self._append(PURCHASES, "".join(_purchase(each) for each in documents).encode())

    def end(self) -> None:
        """After the last purchase."""
        self._append(EVERYTHING, b"]}\n")
        self._append(PURCHASES, b"</body></html>\n")

    def pack(self) -> Path:
        """The ZIP of it all."""
        packed = self._place / "packed.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for name in (EVERYTHING, PROFILE, PURCHASES, MOVEMENTS):
                archive.write(self._place / name, name)
        return packed

    def _list(self, documents: Sequence[Mapping[str, Any]]) -> None:
        for document in documents:
            self._append(EVERYTHING, (b"\n" if self._first else b",\n") + to_json(document))
            self._first = False

    def _append(self, name: str, content: bytes) -> None:
        with (self._place / name).open("ab") as file:
            file.write(content)


def amount(money: Mapping[str, Any]) -> str:
    """An amount as plain digits with its currency: ``12.34 BRL``."""
    places = decimals(money["currency"])
    digits = f"{abs(money['amount']):0{places + 1}d}"
    whole = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"{'-' if money['amount'] < 0 else ''}{whole} {money['currency']}"


def _csv(rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()


def _head(title: str) -> bytes:
    head = (
        f"<!doctype html><html><head><meta charset=utf-8><title>{escape(title)}</title><style>{_STYLE}</style></head>"
    )
    return f"{head}<body><h1>{escape(title)}</h1>\n".encode()


def _page(title: str, about: Mapping[str, Any]) -> str:
    sections = [_head(title).decode()]
    for name, value in about.items():
        sections.append(f"<h2>{escape(name)}</h2>\n{_table(value)}")
    return "".join(sections) + "</body></html>\n"


def _table(value: Any) -> str:
    if isinstance(value, Mapping) and value.keys() == {"amount", "currency"}:
        return escape(amount(value))
    if isinstance(value, Mapping):
        rows = "".join(f"<tr><th>{escape(str(key))}</th><td>{_table(each)}</td></tr>" for key, each in value.items())
        return f"<table>{rows}</table>"
    if isinstance(value, list | tuple):
        return "".join(_table(each) for each in value) or "&ndash;"
    return escape("" if value is None else str(value))


def _purchase(document: Mapping[str, Any]) -> str:
    lines = "".join(
        f"<tr><td>{each['quantity']}</td><td>{escape(each['name'])}</td><td class=n>{amount(each['amount'])}</td>"
        f"<td class=n>{amount(each['earned'])}</td></tr>"
        for each in document["lines"]
    )
    head = f"{document['at']:%Y-%m-%d %H:%M} UTC &middot; {escape(document['store']['name'])} &middot; "
    sums = (
        f"<tr><th></th><th></th><th class=n>{amount(document['total'])}</th>"
        f"<th class=n>{amount(document['earned'])}</th></tr>"
    )
    return f"<h2>{head}{escape(document['receipt_number'])}</h2><table>{lines}{sums}</table>\n"
