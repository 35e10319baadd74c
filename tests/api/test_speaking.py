"""What the API words for a member is in her language: the one that she chose, or else her device's."""

from __future__ import annotations

import pytest

from api.campaigns import service as campaigns
from api.core.speaking import preferred
from contract.members import Changes
from contract.offers import Offer, OfferList
from contract.wallet import Purchase, PurchasePage
from tests.support import shopping
from tests.support.phone import make_phone

__all__ = ["make_phone"]

NAMES = {"en": "Every day", "pt-BR": "Todo dia", "fi": "Joka päivä"}
BREAD = {"en": "Bread", "pt-BR": "Pão", "fi": "Leipä"}


@pytest.fixture
async def ask(database, clock, http, make_member, make_phone):
    """`ask(path, language, model)`: what a member is told who joined in English and has bought something."""
    ana = await make_member()
    await shopping.publish(
        database,
        ana.programme_id,
        clock.now(),
        shopping.campaign(name=NAMES),
        shopping.campaign("bread", name=BREAD, needs_activation=True),
    )
    bought = await shopping.buy(database, ana, clock.now())
    phone = await make_phone(ana)

    async def ask(path, language, model, method="GET", **more):
        headers = phone.headers | ({} if language is None else {"Accept-Language": language})
        answer = await http.request(method, path.format(bought=bought), headers=headers, **more)
        assert answer.is_success, answer.text
        return model.model_validate_json(answer.content)

    ask.phone, ask.programme_id = phone, ana.programme_id
    return ask


async def test_the_devices_language_counts_until_she_chooses_one(ask, http):
    told = await ask("/v1/me/changes", "fi", Changes)
    assert {offer.name for offer in told.offers} == {"Joka päivä", "Leipä"}
    assert {lot.name for lot in told.lots} == {"Joka päivä"}
    again = await ask(f"/v1/me/changes?since={told.cursor}", "fi", Changes)
    assert (again.full, again.offers) == (False, None)
    other = await ask(f"/v1/me/changes?since={told.cursor}", "pt-BR", Changes)
    assert (other.full, {lot.name for lot in other.lots}) == (True, {"Todo dia"})
    assert {offer.name for offer in (await ask("/v1/me/offers", None, OfferList)).items} == {"Every day", "Bread"}
    turned_on = await ask("/v1/me/offers/bread/activation", "fi", Offer, method="PUT")
    assert turned_on.name == "Leipä"

    await http.patch("/v1/me", headers=ask.phone.headers, json={"language": "pt-BR"})
    assert {lot.name for lot in (await ask("/v1/me/changes", "fi", Changes)).lots} == {"Todo dia"}
    assert {offer.name for offer in (await ask("/v1/me/offers", "fi", OfferList)).items} == {"Todo dia", "Pão"}


async def test_what_was_bought_long_ago_reads_in_the_language_of_today(ask, database, clock):
    def names(*purchases):
        return {reason.name for bought in purchases for line in bought.lines for reason in line.why}

    assert names(await ask("/v1/me/purchases/{bought}", None, Purchase)) == {"Every day", "Bread"}
    assert names(await ask("/v1/me/purchases/{bought}", "fi", Purchase)) == {"Joka päivä", "Leipä"}
    assert names(*(await ask("/v1/me/changes", "fi", Changes)).purchases) == {"Joka päivä", "Leipä"}
    # a newer version is called something else, and the offer has ended: the purchase keeps to its own
    renamed = shopping.campaign(version=2, name={"en": "Now and then", "fi": "Silloin tällöin"})
    await shopping.publish(database, ask.programme_id, clock.now(), renamed)
    async with database.connection() as connection:
        await campaigns.set_campaign_state(connection, ask.programme_id, "base", "ended")
    page = await ask("/v1/me/purchases", "pt-BR", PurchasePage)
    assert names(*page.items) == {"Todo dia", "Pão"}


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fi", "fi"),
        ("pt-BR,pt;q=0.9,en;q=0.8", "pt-BR"),
        ("en;q=0.2, ru;q=0.7, *;q=0.9", "ru"),
        ("*", None),
        ("fi;q=0", None),
        ("fi;q=much", None),
        ("", None),
        ("'; drop table member", None),
    ],
)
def test_a_device_says_which_language_it_prefers(header, language):
    assert preferred(header) == language
