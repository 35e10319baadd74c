"""Whatever a control begins is waited for: Flet calls a lambda and drops the coroutine that it answers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "views").rglob("*.py"))
AWAITING = {"use_task", "use_entry_field", "use_port", "choices", "switch", "DayChoice", "subscribe"}
"""What waits for the answer of whatever it is handed."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_lambda_begins_what_nobody_waits_for(path):
    found = list(dropped(ast.parse(path.read_text(encoding="utf-8"))))
    assert found == [], "name an async function instead: a button would do nothing"


def test_a_dropped_coroutine_is_found():
    text = (
        "async def find(): ...\nicon_button(NAME, lambda: find())\nuse_task(lambda: find())\nb(lambda: command.run(1))"
    )
    assert [line for line, _ in dropped(ast.parse(text))] == [2, 4]


def dropped(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Each lambda that calls an async function of its file, or runs a command, and is handed to who does not wait."""
    waits = {each.name for each in ast.walk(tree) if isinstance(each, ast.AsyncFunctionDef)}
    for call in (each for each in ast.walk(tree) if isinstance(each, ast.Call)):
        for given in [*call.args, *(each.value for each in call.keywords)]:
            if not isinstance(given, ast.Lambda) or not isinstance(given.body, ast.Call):
                continue
            begun = given.body.func
            runs = isinstance(begun, ast.Attribute) and begun.attr == "run" and ast.unparse(begun) != "here.run"
            if (runs or (isinstance(begun, ast.Name) and begun.id in waits)) and _name(call) not in AWAITING:
                yield given.lineno, ast.unparse(given)


def _name(call: ast.Call) -> str:
    named = call.func
    return named.id if isinstance(named, ast.Name) else named.attr if isinstance(named, ast.Attribute) else ""
