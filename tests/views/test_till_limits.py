"""A manager sets how much may be spent; anybody at a till sets how it speaks and looks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contract.audit import AuditEntry
from contract.errors import ErrorCode
from contract.facts import OfflineLimits, ProgrammeTerms
from contract.publishing import RulesVersion
from services.errors import Refused, refusal
from services.texts import Texts
from tests.views.till_driver import Browser
from tests.views.till_fakes import LEO, NOW, FakeClient
from views.screens.manage.evidence import evidence

ASK, SHARE = "Ask in the app above this, in BRL", "Most of a basket that it pays, in percent"
ONE, ALL = "Most for one member at one till, in BRL", "Most for all members at one till, in BRL"
RULES = ProgrammeTerms(
    never_earning=("giftcard",),
    confirm_above=2_000,
    spend_limit=5_000,
    offline=OfflineLimits(spend_per_member=1_000, spend_per_till=10_000),
)


class Shop:
    """Rules that are published one after another."""

    def __init__(self) -> None:
        self.published = [RulesVersion(version=1, starts_at=NOW, published_at=NOW, rules=RULES)]
        self.meanwhile = False

    async def rules(self) -> RulesVersion:
        return self.published[-1]

    async def change_rules(self, before: RulesVersion, rules: ProgrammeTerms) -> RulesVersion:
        if self.meanwhile:
            self.meanwhile = False
            self._publish(RULES.model_copy(update={"spend_limit": 7_000}))
            raise Refused(refusal(ErrorCode.SETTINGS_CHANGED, status=409))
        return self._publish(rules)

    def _publish(self, rules: ProgrammeTerms) -> RulesVersion:
        version, at = len(self.published) + 1, NOW + timedelta(hours=1)
        self.published.append(RulesVersion(version=version, starts_at=at, published_at=at, rules=rules))
        return self.published[-1]


@pytest.fixture
async def limits():
    client = FakeClient(LEO.model_copy(update={"role": "manager"}))
    client.shop = Shop()
    browser = await Browser.open(client, "/till/manage/spending")
    yield browser
    await browser.close()


async def test_a_change_is_read_once_more_and_leaves_all_other_rules_as_they_were(limits):
    assert limits.field(ASK).value == "20"
    await limits.type(ASK, "35,50")
    await limits.tap("Look over the change")
    assert "R$35.50" in limits.said
    assert "It is R$20.00 now." in limits.said
    assert len(limits.client.shop.published) == 1
    await limits.tap("Change it for all tills")
    assert "Saved." in limits.said
    assert limits.client.shop.published[-1].rules == RULES.model_copy(update={"confirm_above": 3_550})
    assert limits.field(ASK).value == "35.50"


async def test_an_empty_limit_holds_for_nobody_and_what_was_typed_outlives_a_second_thought(limits):
    await limits.type(ASK, "")
    await limits.type(SHARE, "50")
    await limits.tap("Look over the change")
    assert "no limit" in limits.said
    assert "50%" in limits.said
    await limits.tap("Go back")
    assert (limits.field(ASK).value, limits.field(SHARE).value) == ("", "50")
    await limits.tap("Look over the change")
    await limits.tap("Change it for all tills")
    rules = limits.client.shop.published[-1].rules
    assert (rules.confirm_above, rules.redeem_max_share_bp) == (None, 5_000)


WRONG = [
    (ASK, "twenty", "Ask in the app above this: a number from 0 to 10000000."),
    (ASK, "1.005", "Ask in the app above this: a number from 0"),
    (SHARE, "101", "Most of a basket that it pays, in percent: a number from 0 to 100."),
    (ONE, "101", "one member cannot be given more than all of them together"),
    ("Hours that a till sells alone", "0", "a number from 1 to 168."),
]


async def test_what_is_no_limit_is_said_and_nothing_is_published(limits):
    for field, typed, said in WRONG:
        before = limits.field(field).value
        await limits.type(field, typed)
        await limits.tap("Look over the change")
        assert said in limits.said
        assert "This will change" not in limits.said
        await limits.type(field, before)
    await limits.tap("Look over the change")
    assert "Nothing was changed." in limits.said


async def test_two_managers_at_once_the_second_looks_again(limits):
    limits.client.shop.meanwhile = True
    await limits.type(ASK, "30")
    await limits.tap("Look over the change")
    await limits.tap("Change it for all tills")
    assert "Somebody changed the settings meanwhile" in limits.said
    await limits.tap("Look again")
    assert limits.field("Most that one code may spend, in BRL").value == "70"
    assert limits.field(ASK).value == "20"


def test_the_trail_says_what_became_of_each_limit():
    changes = {"confirm_above": [None, 3_000], "offline.kit_hours": [72, 24], "redeem_max_share_bp": [10_000, 5_000]}
    entry = AuditEntry(
        entry_id="1",
        at=NOW,
        action="rules",
        store_id="centro",
        staff_id="m",
        staff_name="Marta",
        member_name="",
        subject="2",
        evidence={**changes, "basis": ["with_tax", "without_tax"]},
    )
    assert evidence(Texts(), entry, "BRL") == [
        "Ask in the app above this: R$30.00",
        "Most of a basket that it pays, in percent: 50%",
        "Hours that a till sells alone: 24",
    ]


async def test_who_is_at_a_till_chooses_its_language_and_its_look():
    browser = await Browser.open(FakeClient())
    await browser.tap("Language and look")
    await browser.tap("Suomi")
    await browser.tap("Tumma")
    assert "Kieli" in browser.said
    assert browser.page.theme_mode.value == "dark"
    await browser.close()
