"""The manager hears members: claims are decided with their evidence, feedback is read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.views.fake_mine import heard, to_decide
from tests.views.fakes import LEO, FakeClient, leo


@pytest.fixture
def client():
    return FakeClient(replace(leo(), staff=LEO.model_copy(update={"role": "manager", "name": "Marta"})))


async def test_a_missing_purchase_is_accepted_by_the_rules_once(tabs, client):
    client.voices.waiting = [to_decide(note="The scanner was broken", posted="other_member")]
    app = await tabs(client, "/till/manage/claims")
    for words in ("Ana Souza", "Receipt C-7", "12 purchases so far", "The scanner was broken"):
        assert words in app.said
    assert "Another member has this receipt already." in app.said
    await app.tap_twice("Accept")
    assert [call for call in client.calls if call[0] == "accept"] == [("accept", "c1", "", None)]
    assert "Nothing waits for you." in app.said


async def test_a_wrong_amount_needs_an_amount_and_a_refusal_its_reason(tabs, client):
    client.voices.waiting = [to_decide(kind="amount", purchase_id="b1")]
    app = await tabs(client, "/till/manage/claims")
    await app.tap("Accept")
    assert "Say what to give, or choose why not." in app.said
    await app.tap("Refuse")
    assert client.count("accept") == client.count("refuse") == 0
    await app.type("A word to the member (optional)", "Sorry")
    await app.tap("What you bought earns no cashback")
    await app.tap("Refuse")
    assert ("refuse", "c1", "Sorry", "not_eligible") in client.calls


async def test_feedback_is_read_a_page_at_a_time_without_names(tabs, client):
    client.voices.heard = [heard("C-1", 5, "Kind people"), heard("C-2", 1)]
    app = await tabs(client, "/till/manage/feedback")
    assert "Very good" in app.said
    assert "“Kind people”" in app.said
    assert "C-2" not in app.said
    await app.tap("Show more")
    assert "Bad" in app.said
    assert "That is all." in app.said
