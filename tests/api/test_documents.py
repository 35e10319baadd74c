"""`docs/api.md` says what the API does: its routes, its examples, its refusals."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

import contract.confirmations
import contract.errors
import contract.imports
import contract.members
import contract.publishing
import contract.sign_in
import contract.statement
import contract.terms
import contract.tiers
import contract.till
import contract.wallet
from contract.errors import ErrorCode

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
MODELS = {
    name: model
    for module in (
        contract.confirmations,
        contract.errors,
        contract.imports,
        contract.members,
        contract.publishing,
        contract.sign_in,
        contract.statement,
        contract.terms,
        contract.tiers,
        contract.till,
        contract.wallet,
    )
    for name, model in inspect.getmembers(module, inspect.isclass)
}
EXAMPLES = re.findall(r"^```json (\w+)\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
REFUSALS = re.findall(r"^\| `(\w+)` \| (\d+|none) \| (.+) \|$", TEXT, re.MULTILINE)


def codes_in_source() -> set[tuple[str, str]]:
    """Each status and code that stand together in the API's source."""
    pattern = re.compile(r"Refusal\(\s*(\d{3}),\s*ErrorCode\.(\w+)")
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "api").rglob("*.py"))
    return {(ErrorCode[name].value, status) for source in sources for status, name in pattern.findall(source)}


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
def test_an_example_is_a_message_of_the_contract(name, example):
    MODELS[name].model_validate_json(example)


def test_the_errors_table_holds_every_code_once():
    assert [code for code, _, _ in REFUSALS] == [code.value for code in ErrorCode]


def test_the_errors_table_names_the_status_that_the_api_answers_with():
    documented = {(code, status) for code, status, _ in REFUSALS}
    found = codes_in_source()
    assert len(found) > 15
    assert found <= documented


def test_every_route_of_the_api_is_in_the_table(app):
    wanted = set()
    for path, item in app.openapi()["paths"].items():
        if path.startswith("/v1/") and not path.startswith("/v1/demo"):
            short = re.sub(r"\{\w+\}", "{id}", path.removeprefix("/v1"))
            wanted |= {(method.upper(), short) for method in item}
    listed = set()
    for methods, path in re.findall(r"^\|[^|]*\| (`[A-Z`, ]+) (/[^?`]*)[^`]*` \|", TEXT, re.MULTILINE):
        listed |= {(method, path) for method in re.findall(r"[A-Z]+", methods)}
    assert listed == wanted
