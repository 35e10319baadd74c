"""Two people read one quote, one in the app, one in the API's answer: they are told the same.

What the app shows is compared with the JSON that the API sent, put into words here by a second hand.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import flet as ft
import pytest

from contract.money import Money
from contract.quotes import Hint, Reason, ReasonCode
from contract.wallet import Purchase
from services.texts import LANGUAGES, Texts
from tests.api.till.conftest import device, till  # noqa: F401 (fixtures)
from tests.support.shopping import campaign, line, publish
from tests.views.fakes import FakeClient, ana

Json = dict[str, Any]
TREAT = {"kind": "fixed", "value": 500}
ONLY_FOOD = {"only": {"categories": ["food"]}}
LADDER = [{"threshold": 10_000, "rate_bp": 500}, {"threshold": 20_000, "rate_bp": 1_000}]
CAMPAIGNS: dict[str, Json] = {
    "green": {
        "reward": {"kind": "percent", "rate_bp": 1_000},
        "what": {"only": {"tags": ["organic"]}},
        "limits": {"per_receipt": 200},
    },
    "welcome": {"reward": {"kind": "fixed", "value": 99}},
    "ladder": {"reward": {"kind": "percent", "rate_bp": 0}, "threshold": {"kind": "steps", "steps": LADDER}},
    "double": {
        "reward": {"kind": "multiplier", "factor_bp": 20_000},
        "stacking": "multiplier",
        "what": {"only": {"categories": ["drinks"]}},
    },
    "points": {"reward": {"kind": "points", "points": 2, "per": 100}},
    "stamps": {"reward": {"kind": "stamp"}, "what": ONLY_FOOD},
    "large": {"reward": TREAT, "threshold": {"kind": "minimum", "amount": 50_000}},
    "asleep": {"reward": TREAT, "needs_activation": True},
    "spent": {"reward": TREAT, "limits": {"total": 500}},
    "hers": {"reward": TREAT, "limits": {"per_member": 500}},
    "lonely": {"reward": {"kind": "percent", "rate_bp": 1}, "stacking": "exclusive"},
    "no-bread": {"what": {"exclude": {"categories": ["bakery"]}}, "limits": {"per_line": 150}},
    "no-acme": {"what": {"exclude": {"brands": ["Acme"], "tags": ["sale"], "skus": ["milk"]}}},
    "full-price": {"what": {"exclude_discounted": True}},
    "students": {"who": [{"kind": "segment", "any_of": ["students"]}]},
}
BASKET = [
    line(6_000, name="Apples", category="food/fruit", tags=["organic"], sku="apple"),
    line(2_990, name="Wine", category="drinks", brand="Acme", sku="wine"),
    line(800, name="Bread", sku="bread"),
    line(5_000, name="Gift card", category="giftcard", sku="gift"),
    line(1_000, name="Soap", category="household", quantity=2, discount=330, tags=["sale"], sku="soap"),
    line(450, name="Milk", category="food", sku="milk"),
]


def amount(money: Json) -> str:
    if money["currency"] == "PTS":
        return f"{money['amount']} points"
    return f"R${money['amount'] // 100:,}.{money['amount'] % 100:02}"


def rate(why: Json) -> str:
    return f"{why['rate_bp'] / 100:g}%"


def figure(why: Json, name: str) -> str:
    return amount(why[name]) if name in why else ""


def named(match: str | None) -> str:
    return (match or "").rsplit("/", 1)[-1].capitalize()


def story(why: Json) -> str:
    """A reason of the API's answer in English."""
    code, value, match = why["code"], amount(why["value"]), why.get("match")
    of = f"{rate(why)} of {amount(why['basis'])}" if "rate_bp" in why and "basis" in why else ""
    on = f" on {named(match)}" if match else ""
    told = {
        "percent": f"You earned {value}: {of}{on}.",
        "step": f"You earned {value}: {of}{on}, because you spent {figure(why, 'threshold')} or more.",
        "fixed": f"You earned {value}: this item's share of a fixed amount.",
        "multiplied": f"You earned {value} on top: this offer makes it 2 times as much.",
        "points": f"You earned {value}.",
        "stamp": "You earned a stamp with this purchase.",
        "excluded_product": "This product is left out of this offer.",
        "excluded_category": f"{named(match)} is left out of this offer.",
        "excluded_brand": f"The brand {match} is left out of this offer.",
        "excluded_tag": f"Products marked “{named(match)}” are left out of this offer.",
        "excluded_discounted": "This item was discounted already, so this offer does not count.",
        "never_earns": "Delivery and gift cards never earn cashback.",
        "other_product": "This offer is for other products.",
        "below_minimum": f"You needed to spend {figure(why, 'missing')} more for this offer.",
        "not_activated": "You had not activated this offer. Activate it to earn next time.",
        "used_up": "This offer is used up. You can still earn from the others.",
        "better_rule": "Another offer gave you more, and the two do not go together.",
    }[code]
    if code == "used_up" and why.get("capped_by") == "capped_member":
        return "You have got all that you can get from this offer."
    cut = {
        "capped_receipt": "This offer has a limit for each purchase",
        "capped_line": "This offer has a limit for each item",
    }.get(why.get("capped_by") or "")
    return f"{told} {cut}, so it is not {amount(why['desired_value'])}." if cut else told


def without_nulls(whys: list[Json]) -> list[Json]:
    return [{name: value for name, value in why.items() if value is not None} for why in whys]


@pytest.fixture
async def bought(till, device, database, programme, clock) -> Json:  # noqa: F811
    """A purchase under all these campaigns, as the API tells it: the second, so that some are used up."""
    versions = [campaign(f"id-{key}", name={"en": f"Offer {key}"}, **more) for key, more in CAMPAIGNS.items()]
    await publish(database, programme.programme_id, clock.now(), *versions)
    await till.buy(device, line(300, name="Straw", category=""))
    found = (await till.identify(device.code())).json()["identification"]
    body = till.basket(*BASKET, identification=found)
    quote = (await till.post("quotes", body)).json()["quote"]
    receipt = (await till.post("purchases", body)).json()
    clock.move(seconds=31)
    assert [entry["why"] for entry in receipt["lines"]] == [without_nulls(entry["why"]) for entry in quote["lines"]]
    assert receipt["earned"] == quote["earned"], "a quote equals the receipt"
    path = f"/v1/me/purchases/{receipt['purchase_id']}"
    told: Json = (await till.http.get(path, headers=device.signed_in.headers)).json()
    assert [entry["why"] for entry in told["lines"]] == [entry["why"] for entry in receipt["lines"]]
    return told


async def opened(tabs, told: Json, language: str) -> list[str]:
    """All that the purchase says in the app, with every reason unfolded."""
    purchase, texts = Purchase.model_validate(told, strict=False), Texts(language)
    client = FakeClient(ana(purchases=(purchase,)))
    route = f"/purchases/{purchase.purchase_id}"
    app = await tabs(client, route, texts=lambda _, zone: Texts(language, zone))
    more = {texts.n("Show {n} more", "Show {n} more", n) for n in range(1, 20)}
    folds = [each for each in app.controls() if isinstance(each, ft.TextButton) and more & set(app.words_of(each))]
    for button in folds:
        await app.session.dispatch_event(button._i, "click", None)
    await app.settle()
    said = app.words_of()
    assert not more & set(said), "nothing is left folded"
    await app.close()
    return said


async def test_the_app_tells_each_line_and_reason_of_a_rich_basket_as_the_api_does(tabs, bought):
    said = await opened(tabs, bought, "en")
    seen, words = Counter(said), "\n".join(said)
    told = Counter(story(why) for entry in bought["lines"] for why in entry["why"])
    assert told - seen == Counter(), "each reason is shown as often as it is told"
    offers = Counter(why["name"] for entry in bought["lines"] for why in entry["why"])
    assert offers - seen == Counter(), "with its offer's name"
    for entry in bought["lines"]:
        assert entry["name"] in said
        assert amount(entry["earned"]) in words
        assert amount(entry["amount"]) in said
    assert f"You earned {amount(bought['earned'])}" in said
    assert bought["hints"][0]["missing"]["amount"] == 20_000 - bought["total"]["amount"] + 5_000, (
        "but for the gift card"
    )
    assert "R$80.90 more would have got you 10% back." in said
    codes = {why["code"] for entry in bought["lines"] for why in entry["why"]}
    assert codes >= {
        *("percent", "step", "fixed", "multiplied", "points", "stamp", "below_minimum", "not_activated", "used_up"),
        *("better_rule", "never_earns", "other_product", "excluded_product", "excluded_category", "excluded_brand"),
        *("excluded_tag", "excluded_discounted"),
    }, "the basket is rich"
    capped = {why["capped_by"] for entry in bought["lines"] for why in entry["why"] if why.get("capped_by")}
    assert capped == {"capped_receipt", "capped_line", "capped_budget", "capped_member"}


async def test_in_every_language_the_figures_are_the_apis_and_no_code_is_shown(tabs, bought, till, device):  # noqa: F811
    purchase = Purchase.model_validate(bought, strict=False)
    reasons = [why for entry in purchase.lines for why in entry.why]
    found = (await till.identify(device.code())).json()["identification"]
    quote = (await till.post("quotes", till.basket(line(18_760), identification=found))).json()["quote"]
    steps = [Hint.model_validate(each) for each in quote["hints"]]
    assert [Texts().hint(step) for step in steps] == [
        "Spend R$12.40 more to get 10% back.",
        "Spend R$312.40 more to earn R$5.00.",
    ]
    for language in LANGUAGES:
        texts = Texts(language)
        told = [texts.reason(why) for why in reasons]
        for sentence, why in zip(told, reasons, strict=True):
            assert all(texts.money(each) in sentence for each in figures(why)), language
        for sentence, step in [(say(each), each) for say in (texts.hint, texts.missed_step) for each in steps]:
            assert texts.money(step.missing) in sentence
            assert texts.rate(step.rate_bp) in sentence if step.rate_bp else texts.money(step.value) in sentence
            told.append(sentence)
        is_free_of_codes(told)
    said = await opened(tabs, bought, "ru")
    is_free_of_codes(said)
    assert {Texts("ru").reason(why) for why in reasons} <= set(said)


def is_free_of_codes(said: list[str]) -> None:
    words = set(" ".join(said).replace(".", " ").split())
    assert not words & {str(code) for code in ReasonCode if "_" in code}
    assert not any(mark in " ".join(said) for mark in ("{", "}", "None", "_", "id-"))


def figures(why: Reason) -> list[Money]:
    """The amounts that a reason's sentence must name."""
    if not why.value:
        return [why.missing] if why.missing else []
    cut = [why.desired_value] if why.capped_by and why.desired_value else []
    on = [why.basis] if why.code in {ReasonCode.PERCENT, ReasonCode.STEP} and why.basis else []
    return [why.value, *on, *cut]
