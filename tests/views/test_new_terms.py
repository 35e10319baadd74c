"""Terms that have changed are asked for in the wallet, and stand in nobody's way."""

from __future__ import annotations

import pytest

from contract.errors import ErrorCode
from services.errors import Refused, refusal
from tests.views.fakes import PROFILE, FakeClient, ana

CHANGED = "The terms of Aurora Mercado have changed. Cashback now lasts a year."


@pytest.fixture
def client() -> FakeClient:
    """Ana accepted the first version; the second is in force."""
    made = FakeClient(ana(profile=PROFILE.model_copy(update={"terms_accepted": 1, "terms_version": 2})))
    made.mine.terms_version = 2
    return made


async def test_what_has_changed_is_said_and_one_tap_accepts_it(tabs, client):
    app = await tabs(client)
    assert CHANGED in app.said
    assert "Show my code" in app.said
    await app.tap_twice("Accept")
    assert [call for call in client.calls if call[0] == "accept_terms"] == [("accept_terms", 2)]
    assert "have changed" not in app.said


async def test_later_puts_it_off_for_this_tab_only(tabs, client):
    app = await tabs(client)
    await app.tap("Later")
    await app.go("/me")
    await app.go("/")
    assert "have changed" not in app.said
    assert CHANGED in (await tabs(client)).said


async def test_all_of_it_is_read_first_and_accepted_there(tabs, client):
    app = await tabs(client)
    await app.tap("Read")
    assert app.route == "/me/terms"
    for words in ("The terms of Aurora Mercado", "Cashback now lasts a year.", "Fair and plain terms.", "Version 2"):
        assert words in app.said
    await app.tap("Accept the terms")
    assert "You have accepted this version." in app.said


async def test_who_joined_at_a_till_is_asked_to_read_before_the_first_yes(tabs, client):
    client.state = ana(profile=PROFILE.model_copy(update={"terms_accepted": 0, "terms_version": 2}))
    app = await tabs(client)
    assert "Read and accept the terms of Aurora Mercado." in app.said
    with pytest.raises(AssertionError):
        app.button("Accept")


async def test_terms_that_changed_again_meanwhile_are_said_so_and_stay_asked_for(tabs, client):
    client.fail["accept_terms"] = Refused(refusal(ErrorCode.TERMS_REQUIRED, status=409))
    app = await tabs(client)
    await app.tap("Accept")
    assert CHANGED in app.said


async def test_without_news_there_is_no_word_of_terms_in_the_wallet(tabs):
    app = await tabs(FakeClient())
    assert "terms of Aurora" not in app.said
