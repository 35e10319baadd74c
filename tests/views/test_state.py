"""A screen renders again only when what it shows has changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.views.fakes import ana
from views.state import Store


@pytest.fixture
def store():
    made = Store()
    made.apply(ana())
    return made


def later(state):
    """What the API says of the same wallet a minute later."""
    wallet = state.wallet.model_copy(update={"as_of": state.wallet.as_of + timedelta(minutes=1)})
    profile = state.profile.model_copy(update={"wallet": wallet})
    return replace(state, wallet=wallet, profile=profile, fetched_at=state.fetched_at + timedelta(minutes=1))


def test_an_answer_without_news_changes_nothing_but_when_it_came(store):
    before = {name: piece.value for name, piece in vars(store).items()}
    store.apply(later(ana()))
    changed = {name for name, piece in vars(store).items() if piece.value != before[name]}
    assert changed == {"link"}


def test_news_in_the_same_answer_is_taken_whole(store):
    state = later(ana())
    more = state.wallet.available.model_copy(update={"amount": state.wallet.available.amount + 1})
    wallet = state.wallet.model_copy(update={"available": more})
    profile = state.profile.model_copy(update={"name": "Another", "wallet": wallet})
    store.apply(replace(state, wallet=wallet, profile=profile))
    assert store.balance.value.wallet == wallet
    assert store.who.value.profile == profile
