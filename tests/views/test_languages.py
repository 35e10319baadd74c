"""Every screen in every language: nothing is cut and nothing stands out at 360 wide, with text half as large again."""

from __future__ import annotations

import inspect
from dataclasses import replace
from datetime import timedelta

import flet as ft
import pytest

from contract.audit import AuditEntry, AuditPage
from contract.facts import ProgrammeTerms
from contract.publishing import RulesVersion
from contract.quotes import Hint
from contract.reviews import Review, ReviewPage, Settings, SettingsBody
from contract.staff import StaffMember
from contract.till_kit import OfflineRisks
from services.texts import LANGUAGES, Texts
from tests.views import fake_mine, fake_risks, fakes, till_fakes
from tests.views.driver import App
from tests.views.fit import Fit, advance
from tests.views.till_driver import Browser
from views.routes import routes
from views.tokens import TEXT_SIZES

NARROW = 360
LARGE = max(TEXT_SIZES.values())


class Widest(Texts):
    """Says everything in the language that takes the most room for it."""

    def __init__(self, language: str = "en", timezone: str = "UTC") -> None:
        super().__init__(language, timezone)
        self.all = [Texts(each, timezone) for each in LANGUAGES]


def _widest(name):
    def said(self, *given, **named):
        return max((getattr(each, name)(*given, **named) for each in self.all), key=advance)

    return said


for _name, _method in inspect.getmembers(Texts, inspect.isfunction):
    if not _name.startswith("_"):
        setattr(Widest, _name, _widest(_name))


def problems_of(app, scale: float = LARGE) -> list[str]:
    """What does not fit of what is shown now."""
    fit = Fit(scale)
    fit.page(app.page._BasePage__resolved_views()[-1], NARROW)
    for dialog in app.page._dialogs.controls:
        if dialog.open and isinstance(dialog, ft.AlertDialog):
            fit.dialog(dialog, NARROW)
    return sorted(set(fit.problems))


async def misfits(show) -> dict[str, list[str]]:
    """What does not fit, by language: first all at once, and one by one only where that mixture does not fit."""
    app = await show(Widest)
    found = problems_of(app)
    await app.close()
    if not found:
        return {}
    by_language = {}
    for language in LANGUAGES:
        app = await show(lambda _, zone, language=language: Texts(language, zone))
        by_language[language] = problems_of(app)
        await app.close()
    return {language: problems for language, problems in by_language.items() if problems}


def rich() -> fakes.FakeClient:
    """A member with much to say: offline since an hour, a debt, offers in every state, large amounts."""
    many = [
        fakes.offer(state="activated"),
        fakes.offer("steps", state="open", needs_activation=True, ends_at=fakes.NOW + timedelta(days=40)),
        fakes.offer("used", state="used_up"),
        fakes.offer("ended", state="ended", ends_at=fakes.NOW - timedelta(days=1)),
        fakes.offer("base", rate_bp=200, needs_activation=False, ends_at=None),
    ]
    step = Hint(campaign_id="steps", name="Steps", missing=fakes.brl(123_456), rate_bp=1_000)
    bought = [
        fakes.purchase(hints=[step]),
        fakes.purchase("b2", at=fakes.NOW - timedelta(days=30), state="available", redeemed=fakes.brl(1200)),
        fakes.purchase("b3", at=fakes.NOW - timedelta(days=500), state="refunded", total=fakes.brl(234_567)),
    ]
    state = fakes.ana(
        wallet=fakes.wallet(1_234_567, 98_765, 4_321),
        offers=tuple(many),
        purchases=tuple(bought),
        connection="offline",
        offline_since=fakes.NOW - timedelta(hours=1),
        fetched_at=fakes.NOW - timedelta(hours=2),
        has_older_purchases=True,
    )
    return fakes.FakeClient(state)


MEMBER = {
    "/": "/",
    "/code": "/code",
    "/me": "/me",
    "/me/claims": "/me/claims",
    "/me/claims/new": "/me/claims/new",
    "/me/consents": "/me/consents",
    "/me/devices": "/me/devices",
    "/me/help": "/me/help",
    "/me/leave": "/me/leave",
    "/me/privacy": "/me/privacy",
    "/me/profile": "/me/profile",
    "/me/terms": "/me/terms",
    "/offers": "/offers",
    "/offers/:id": "/offers/steps",
    "/purchases": "/purchases",
    "/purchases/:id": "/purchases/b1",
    "/statement": "/statement",
    "/terms/:id": "/terms/bakery",
}
NOBODY = ["/demo", "/help", "/sign-in", "/sign-in/code", "/sign-in/join", "/sign-in/staff"]
TILL = ["/till", "/till/credit", "/till/day", "/till/device", "/till/join", "/till/queue", "/till/refund"]
SALE = ["/till/basket", "/till/receipt/:id", "/till/refund/:id"]
"""Reached by selling."""
MANAGED = [
    "/till/manage",
    "/till/manage/offline",
    "/till/manage/reviews",
    "/till/manage/settings",
    "/till/manage/spending",
    "/till/manage/staff",
    "/till/manage/trail",
]
HEARD = ["/till/manage/claims", "/till/manage/feedback"]
ELSEWHERE = {"/till/day/:id", "/till/manage/catalogue", "/till/queue/:id"}
"""Made of the parts of those above."""


@pytest.mark.parametrize("route", MEMBER.values())
async def test_a_shoppers_screen_has_room_for_every_language(route):
    async def show(texts):
        return await App.start(rich(), route, width=NARROW, texts=texts)

    assert await misfits(show) == {}


@pytest.mark.parametrize("route", NOBODY)
async def test_a_door_has_room_for_every_language(route):
    async def show(texts):
        return await App.start(fakes.FakeClient(fakes.nobody()), route, width=NARROW, demo=True, texts=texts)

    assert await misfits(show) == {}


@pytest.mark.parametrize("route", TILL)
async def test_a_tills_screen_has_room_for_every_language(route):
    async def show(texts):
        return await Browser.open(till_fakes.FakeClient(), route, width=NARROW, keys=False, texts=texts)

    assert await misfits(show) == {}


class Managed(till_fakes.FakeShop):
    """A shop with one of everything that a manager sees."""

    async def reviews(self, state=None, cursor=None) -> ReviewPage:
        seen = Review(
            review_id="v1",
            kind="same_pair",
            state="open",
            store_id="centro",
            opened_at=fakes.NOW,
            member_name="Ana Souza",
            evidence={"count": 9, "limit": 6, "hours": 48},
            purchases=[],
        )
        return ReviewPage(items=[seen], open=1, next_cursor=None)

    async def settings(self) -> Settings:
        return Settings(version=1, body=SettingsBody(), changed_at=fakes.NOW, changed_by="Marta")

    async def rules(self) -> RulesVersion:
        return RulesVersion(version=2, starts_at=fakes.NOW, published_at=fakes.NOW, rules=ProgrammeTerms())

    async def audit(self, action=None, cursor=None) -> AuditPage:
        acts = ("sign_in", "switch", "credit", "review", "account_unlinked", "catalogue", "receipt_printed")
        more = {
            "store_id": "centro",
            "staff_id": "leo",
            "staff_name": "Leo",
            "member_name": "Ana Souza",
            "subject": "x",
        }
        items = [AuditEntry(entry_id=act, at=fakes.NOW, action=act, evidence={}, **more) for act in acts]
        return AuditPage(items=items, next_cursor="more")

    async def offline_risks(self, which, cursor=None) -> OfflineRisks:
        bad = fake_risks.risk("A2", outcome="refused", code="code_used", earned=fakes.brl(0), shortfall=fakes.brl(300))
        return fake_risks.page(fake_risks.risk("A1", shortfall=fakes.brl(123_456)), bad)

    async def staff(self) -> list[StaffMember]:
        named = {"store_id": "centro", "store_name": "Centro", "all_stores": False, "last_seen_at": fakes.NOW}
        known = (("leo", "Leo", "cashier"), ("rosa", "Rosa", "supervisor"), ("marta", "Marta", "manager"))
        return [
            StaffMember(
                staff_id=key, staff_number="1", name=name, role=role, active=True, locked_until=None, linked=2, **named
            )
            for key, name, role in known
        ]


@pytest.mark.parametrize("route", MANAGED)
async def test_a_managers_screen_has_room_for_every_language(route):
    async def show(texts):
        client = till_fakes.FakeClient(till_fakes.LEO.model_copy(update={"role": "manager"}))
        client.shop = Managed(client.till)
        return await Browser.open(client, route, width=NARROW, keys=False, texts=texts)

    assert await misfits(show) == {}


@pytest.mark.parametrize("route", HEARD)
async def test_what_members_say_has_room_for_every_language(route):
    async def show(texts):
        manager = fakes.LEO.model_copy(update={"role": "manager"})
        client = fakes.FakeClient(replace(fakes.leo(), staff=manager))
        client.voices.waiting = [fake_mine.to_decide(note="The scanner was broken", posted="other_member")]
        client.voices.heard = [fake_mine.heard("C-1", 5, "Kind people")]
        return await App.start(client, route, width=NARROW, texts=texts)

    assert await misfits(show) == {}


async def a_sale(texts) -> Browser:
    """A basket with a line, quoted."""
    till = await Browser.open(till_fakes.FakeClient(), "/till", width=NARROW, keys=False, texts=texts)
    field = next(each for each in till.controls() if isinstance(each, ft.TextField))
    await till.type(field.label, f"KIERTO{till_fakes.CODE}", enter=True)
    for key in "64":
        await till.tap(key)
    await till.tap(texts("en", "UTC").t("Food"))
    return till


async def test_a_basket_has_room_for_every_language():
    assert await misfits(a_sale) == {}


async def test_a_receipt_has_room_for_every_language():
    async def show(texts):
        till = await a_sale(texts)
        await till.press("F9")
        assert "/till/receipt/" in till.page.route
        return till

    assert await misfits(show) == {}


async def test_a_refund_has_room_for_every_language():
    async def show(texts):
        till = await a_sale(texts)
        await till.press("F9")
        await till._went(till.page.route.replace("receipt", "refund"))
        await till.settle()
        return till

    assert await misfits(show) == {}


def test_every_screen_is_looked_at():
    covered = {*MEMBER, *NOBODY, *TILL, *SALE, *MANAGED, *HEARD, *ELSEWHERE}
    assert set(_paths(routes(panes=False))) - covered == set()


def _paths(table, base: str = ""):
    for route in table:
        path = f"{base}/{route.path}" if route.path else base
        yield from _paths(route.children or [], path)
        if route.component is not None and not route.outlet:
            yield path or "/"


def test_a_name_that_has_no_room_is_found():
    long = ft.Text("A name that is much too long for a button of a phone", size=20)
    for place in (ft.Row([long]), ft.Column([ft.Text("Donaudampfschifffahrtsgesellschaft", size=30)])):
        fit = Fit(LARGE)
        fit.check(place, NARROW)
        assert fit.problems
    fit = Fit(LARGE)
    fit.check(ft.Column([long, ft.Row([long], wrap=True), ft.Row([ft.Text(long.value, expand=True)])]), NARROW)
    assert not fit.problems
