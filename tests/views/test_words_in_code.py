"""No screen holds a sentence of its own: whatever is written or spoken goes through the texts."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    path
    for path in (ROOT / "views").rglob("*.py")
    if path.parent.name != "host"  # pages of the server, before and beside the app
)
SPEAKING = {"t", "n", "p", "N_"}
SHOWING = {
    "text", "title", "body", "label", "caption", "display", "primary", "secondary", "quiet", "link", "notice", "chip",
    "line", "choice", "Choice", "heading", "section", "list_end", "icon_button", "figure", "row", "with_key", "Text",
    "empty", "Semantics", "typing_field", "Tooltip", "SnackBar", "TextField", "Tab",
}  # fmt: skip
SHOWN = {
    "tooltip", "label", "semantics_label", "spoken", "hint_text", "helper", "helper_text", "error", "error_text",
    "title", "subtitle", "text", "value", "counter", "prefix", "suffix", "button_text", "sentence", "name",
}  # fmt: skip
NAMES = {"Kierto", "Enter", "Esc", "F9"}
"""What is the same in every language: the product, and what stands on a key."""
LETTERS = re.compile(r"[^\W\d_]{2}")
PROSE = re.compile(r"^[A-Z][^\W\d_]*('\w+)? [^\W\d_]+|[^\W\d_]+ [^\W\d_]+ [^\W\d_]+")
CODE = re.compile(r"^[a-z0-9_.:/#%{}?=&-]*$")
"""A route, a key, a role: never seen."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_screen_holds_no_sentence_of_its_own(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [f"{path.relative_to(ROOT)}:{node.lineno}: {node.value!r}" for node in _unspoken(tree)]
    assert found == [], "say it with texts.t(..)"


def _unspoken(tree: ast.AST) -> list[ast.Constant]:
    fine = _excused(tree)
    prose = [node for node in ast.walk(tree) if _letters(node) and node not in fine and PROSE.search(node.value)]
    shown = [
        node
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and _name(call) not in SPEAKING
        for node in _directly(call)
        if node not in fine and node.value not in NAMES and not CODE.match(node.value)
    ]
    return list(dict.fromkeys([*prose, *shown]))


def _directly(call: ast.Call) -> list[ast.Constant]:
    """The literals that a call shows: its arguments when it shows something, and keywords of what is seen."""
    given = [*call.args] if _name(call) in SHOWING else []
    given += [each.value for each in call.keywords if each.arg in SHOWN]
    inside = [part for each in given for part in (each.values if isinstance(each, ast.JoinedStr) else [each])]
    return [node for node in inside if _letters(node)]


def _excused(tree: ast.AST) -> set[ast.AST]:
    """Docstrings, what goes through the texts, what is logged, raised or refused, names of types."""
    fine: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            fine.add(node.value)
        elif isinstance(node, ast.Raise) or (isinstance(node, ast.Call) and _is_quiet(node)):
            fine.update(ast.walk(node))
        elif isinstance(node, ast.Subscript):
            fine.update(ast.walk(node.slice))
    return fine


def _is_quiet(call: ast.Call) -> bool:
    logs = (
        isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name) and call.func.value.id == "log"
    )
    return logs or _name(call) in SPEAKING | {"cast", "getLogger", "compile", "Problem"}


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _letters(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(LETTERS.search(node.value))


@pytest.mark.parametrize(
    "source",
    [
        'title("Wallet")',
        'ft.Text(f"Spent {amount}")',
        'icon_button(ft.Icons.ADD, "Add one", more)',
        'ft.IconButton(icon=x, tooltip="Close")',
        'said = "Nothing was sold"',
        'words = busy and "You are offline. We keep trying."',
    ],
)
def test_a_sentence_in_the_code_is_found(source):
    assert _unspoken(ast.parse(source))


@pytest.mark.parametrize(
    "source",
    [
        'title(texts.t("Wallet"))',
        'go(f"/offers/{offer_id}")',
        '"""What it shows, in many words."""',
        'log.info("a screen was opened again")',
        'chip(name, ft.Icons.CHECK, tone="primary", key="why-1")',
        'raise RuntimeError("a screen stands outside the app")',
        'texts.n("{n} item", "{n} items", 3)',
    ],
)
def test_what_nobody_sees_is_let_be(source):
    assert not _unspoken(ast.parse(source))
