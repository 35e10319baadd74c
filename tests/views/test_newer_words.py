"""Words of an API that is newer than this app: every screen is read, and none of them is shown raw."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TypeVar

import pytest
from pydantic import BaseModel

from contract.tiers import TierStanding
from services.texts import LANGUAGES, Texts
from tests.views import fake_mine, fakes
from tests.views.driver import DESKTOP, PHONE
from tests.views.test_languages import MEMBER
from tests.views.test_odd_data import check
from tests.views.test_statement import statement
from tests.views.test_tier import SILVER, said
from views.ui.newer import newer
from views.ui.offer_words import gives, place

M = TypeVar("M", bound=BaseModel)
NEW = "quantum_leap"
"""A word that nobody here knows."""


def later(message: M, *words: str, **more: object) -> M:
    """The same message from a newer API, with the new word in these fields."""
    told = json.loads(message.model_dump_json()) | dict.fromkeys(words, NEW) | more
    return type(message).model_validate_json(json.dumps(told))


def client() -> fakes.FakeClient:
    """A member everything of whom is in a state that came later."""
    tier = later(SILVER, "counts", "period")
    state = fakes.ana(
        profile=fakes.PROFILE.model_copy(update={"tier": tier}),
        lots=(later(fakes.lot("l1", 4280), "state"),),
        purchases=(
            later(fakes.purchase(), "state", "review", "channel"),
            later(fakes.purchase("b2"), "review"),
        ),
        offers=(
            later(fakes.offer("steps"), "kind", "state", channels=[NEW]),
            later(fakes.offer(value=fakes.brl(500)), "kind"),
        ),
    )
    made = fakes.FakeClient(state)
    made.mine.asked = [
        later(fake_mine.claim(), "kind", "state"),
        later(fake_mine.claim("c2", state="refused"), "reason"),
    ]
    made.mine.copies = [later(fake_mine.export(), "state")]
    allowed = made.mine.allowed
    made.mine.allowed = allowed.model_copy(update={"items": [later(allowed.items[0], "channel", "purpose")]})
    told = statement()
    made.books.statement = told.model_copy(update={"items": [later(each, "kind") for each in told.items]})
    return made


@pytest.mark.parametrize("width", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_every_screen_says_something_plain(tabs, width):
    app = await tabs(client(), width=width)
    for route in MEMBER.values():
        await app.go(route)
        check(app.said, "")
    assert newer(Texts()) in await said_at(app, "/offers/steps", "/purchases/b1", "/me/claims", "/me/privacy")
    assert "Another change" in await said_at(app, "/statement")


async def said_at(app, *routes: str) -> str:
    """What all these screens say; each must say that a newer app knows more."""
    heard = []
    for route in routes:
        await app.go(route)
        heard.append(app.said)
        assert newer(Texts()) in app.said or route == "/statement", route
    return "\n".join(heard)


def test_nothing_untrue_is_said_of_what_is_not_known():
    for language in LANGUAGES:
        texts = Texts(language)
        odd = later(fakes.offer(value=fakes.brl(500)), "kind", channels=["store", NEW])
        assert gives(texts, odd) == odd.name
        assert place(texts, odd) == newer(texts)
    text = said(later(SILVER, "counts"))
    assert "R$388.58 more to reach Gold" in text
    assert "spent" not in text.lower()
    assert "earned" not in text
    assert isinstance(later(SILVER, "period"), TierStanding)


async def test_a_word_that_came_later_is_no_reason_to_offer_anything(tabs):
    made = client()
    made.state = replace(made.state, offers=(later(fakes.offer(), "state"),))
    app = await tabs(made, "/offers/bakery")
    assert "Activate" not in app.said
