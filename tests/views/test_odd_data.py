"""Whatever the data, no screen shows a traceback, a raw code, a float, a key of a catalog, or nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from contract.errors import ErrorCode
from contract.money import MAX_AMOUNT, Money
from contract.quotes import Reason, ReasonCode
from contract.wallet import Purchase, StoreRef
from services.errors import Refused, refusal
from services.state import State
from services.texts import LANGUAGES, Texts
from tests.views.driver import DESKTOP, PHONE
from tests.views.fakes import NOW, PROFILE, FakeClient, ana, brl, lot, offer, purchase, wallet
from tests.views.test_languages import MEMBER

HUGE = MAX_AMOUNT
"""Ten billions in cash: what is summed up of two is more than one message may carry."""
LONG = "Ana Maria Wolfeschlegelsteinhausenbergerdorff " * 5
ODD_NAMES = {
    "empty": "",
    "long": LONG[:200],
    "emoji": "👩‍🍳🎉",
    "rtl": "متجر \u202eالعربية",
    "markup": "<b>{name}</b> %s",
}
RAW = re.compile(
    r"Traceback|\bNone\b|\bnull\b|\bNaN\b|Exception|Error\b|\d\.\d{3,}(?!\d*[,.])|\b[a-z]+_[a-z_]+\b|\{(?!name)\w*\}"
)
"""What nobody should read: a word of the program, a float, a placeholder that was not filled."""


def odd(name: str) -> State:
    """A member all of whose words are odd, with amounts as large as can be."""
    most = Money(amount=HUGE, currency="BRL")
    shop = StoreRef(store_id="centro", name=name)
    bought = purchase(store=shop, receipt_number=name or "0", total=most, earned=most, redeemed=most)
    lines = [line.model_copy(update={"name": name, "category": name, "amount": most}) for line in bought.lines]
    return ana(
        profile=PROFILE.model_copy(
            update={"name": name, "programme": PROFILE.programme.model_copy(update={"name": name})}
        ),
        wallet=wallet(HUGE, HUGE, HUGE),
        lots=(lot("l1", HUGE, name=name, expires_at=NOW + timedelta(days=1)),),
        purchases=(bought.model_copy(update={"lines": lines}),),
        offers=(offer(name=name, description=name, categories=[name], tags=[name], stores=[name], picture=name),),
    )


def check(said: str, given: str) -> None:
    """What is said, without what was given, has nothing raw in it, and is something."""
    own = said.replace(given, "") if given else said
    assert own.strip(), "a blank screen"
    assert RAW.findall(own) == [], own


@pytest.mark.parametrize("kind", ODD_NAMES)
async def test_odd_names_and_huge_amounts_break_no_screen(tabs, kind):
    client = FakeClient(odd(ODD_NAMES[kind]))
    app = await tabs(client, width=DESKTOP if kind == "long" else PHONE)
    for route in MEMBER.values():
        await app.go(route)
        check(app.said, ODD_NAMES[kind])


async def test_a_member_with_nothing_at_all_sees_no_blank(tabs):
    empty = ana(wallet=wallet(0, 0), lots=(), purchases=(), offers=())
    app = await tabs(FakeClient(empty))
    for route in MEMBER.values():
        await app.go(route)
        check(app.said, "")


class Always(dict[str, Exception]):
    """Every call fails, again and again."""

    def __init__(self, code: ErrorCode, status: int) -> None:
        self.error = Refused(refusal(code, status=status))

    def __contains__(self, _: object) -> bool:
        return True

    def pop(self, *_: object) -> Exception:  # type: ignore[override]
        return self.error


async def test_a_fault_of_the_api_at_every_route_is_a_sentence(tabs):
    client = FakeClient()
    client.fail = Always(ErrorCode.UNEXPECTED, 500)
    app = await tabs(client)
    for route in MEMBER.values():
        await app.go(route)
        check(app.said, "")


def test_a_reason_of_a_newer_api_is_read_and_said(texts_of_all):
    raw = purchase().model_dump(mode="json")
    raw["lines"][0]["why"][0] |= {"code": "quantum_bonus", "invented": True}
    raw["lines"][1]["why"][0] |= {"code": "quantum_loss"}
    read = Purchase.model_validate(raw)
    gave, missed = (line.why[0] for line in read.lines)
    assert (gave.code, missed.code) == (ReasonCode.UNKNOWN, ReasonCode.UNKNOWN)
    for texts in texts_of_all:
        check(texts.reason(gave), "")
        check(texts.reason(missed), "")
    assert isinstance(gave, Reason)


@pytest.fixture
def texts_of_all() -> list[Texts]:
    """The texts of every language."""
    return [Texts(language) for language in LANGUAGES]


async def test_ten_thousand_purchases_are_a_list_like_another(tabs):
    first = purchase()
    many = tuple(
        first.model_copy(update={"purchase_id": f"b{n}", "at": NOW - timedelta(hours=9 * n), "total": brl(1000 + n)})
        for n in range(10_000)
    )
    client = FakeClient(replace(ana(), purchases=many))
    app = await tabs(client, "/purchases")
    assert app.said.count("Centro, ") <= 50
    check(app.said, "")
