"""Every screen in every language: nothing is cut and nothing stands out at 360 wide, with text half as large again."""

from __future__ import annotations

import inspect
from datetime import timedelta

import flet as ft
import pytest

from services.texts import LANGUAGES, Texts
from tests.views import fakes, till_fakes
from tests.views.driver import App
from tests.views.fit import Fit, advance
from tests.views.till_driver import Browser
from views.routes import routes

NARROW = 360
LARGE = 1.5


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
    bought = [
        fakes.purchase(),
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
    "/offers": "/offers",
    "/offers/:id": "/offers/steps",
    "/purchases": "/purchases",
    "/purchases/:id": "/purchases/b1",
    "/statement": "/statement",
    "/terms/:id": "/terms/bakery",
}
NOBODY = ["/demo", "/help", "/sign-in", "/sign-in/code", "/sign-in/join", "/sign-in/staff"]
TILL = ["/till", "/till/day", "/till/join", "/till/queue", "/till/refund"]
SALE = ["/till/basket", "/till/receipt/:id", "/till/refund/:id"]
"""Reached by selling."""
ELSEWHERE = {
    "/till/day/:id",
    "/till/queue/:id",
    "/till/manage",
    "/till/manage/catalogue",
    "/till/manage/claims",
    "/till/manage/feedback",
    "/till/manage/reviews",
    "/till/manage/settings",
    "/till/manage/staff",
    "/till/manage/trail",
}
"""For a wider screen than a phone's, or made of the parts of those above."""


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
    covered = {*MEMBER, *NOBODY, *TILL, *SALE, *ELSEWHERE}
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
