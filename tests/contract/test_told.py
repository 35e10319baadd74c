"""A client that is older than the API reads every answer: a word that it does not know spoils none."""

from __future__ import annotations

import importlib
import inspect
from enum import Enum
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import TypeAdapter, ValidationError

from contract.base import Answer, Told, _AsSent
from contract.wallet import Lot

READ = {
    *("account", "claims", "confirmations", "feedback", "members", "months", "offers", "privacy", "quotes"),
    *("sign_in", "statement", "terms", "tiers", "wallet"),
}
STRICT = {
    "Offer.weekdays": "there are seven",
    "Session.kind": "a session of another kind is none for this client",
}
"""Words that a client must know to do anything at all, and why."""


def answers() -> list[type[Answer]]:
    """Every answer that a shopper's app reads."""
    modules = [importlib.import_module(f"contract.{name}") for name in READ]
    found = [each for module in modules for _, each in inspect.getmembers(module, inspect.isclass)]
    return [each for each in found if issubclass(each, Answer)]


def strict_words(kind: Any) -> bool:
    """Whether a type, or one inside it, takes a few words alone."""
    if get_origin(kind) is Literal:
        return True
    if isinstance(kind, type) and issubclass(kind, Enum):
        return False  # these know an unknown member, or are read by who maps them
    if any(isinstance(each, _AsSent) for each in getattr(kind, "__metadata__", ())):
        return False
    return any(strict_words(each) for each in get_args(kind))


def test_every_word_of_an_answer_may_be_one_that_came_later() -> None:
    strict = {
        f"{model.__name__}.{name}"
        for model in answers()
        for name, field in model.model_fields.items()
        if not any(isinstance(each, _AsSent) for each in field.metadata) and strict_words(field.annotation)
    }
    assert strict == STRICT.keys()


def test_an_unknown_word_is_kept_as_it_was_sent_and_is_never_made_here() -> None:
    told = TypeAdapter(Told[Literal["pending", "available"]])
    assert told.validate_json('"parked"') == "parked"
    assert told.dump_json(told.validate_json('"parked"')) == b'"parked"'
    assert told.validate_python("pending") == "pending"
    for wrong in ("parked", "p" * 65):
        with pytest.raises(ValidationError):
            told.validate_python(wrong)
    with pytest.raises(ValidationError):
        told.validate_json(f'"{"p" * 65}"')
    assert Lot.model_json_schema()["properties"]["state"]["enum"] == ["pending", "available"]
