"""Spending above the limit, on both screens: the till asks and waits, the member answers wherever she is."""

from __future__ import annotations

import flet as ft
import pytest

from contract.errors import ErrorCode
from contract.money import MAX_AMOUNT, Money
from services.errors import Offline, Refused, refusal
from tests.views import fakes, till_fakes
from tests.views.driver import App
from tests.views.fake_confirmations import asked, brl
from tests.views.test_languages import NARROW, misfits
from tests.views.till_driver import Browser
from views.session import session_of
from views.till.sale import sale_of
from views.till.spending import at_step, step_of

# the member


async def opened(tabs, route: str = "/", **more) -> tuple[App, fakes.FakeClient]:
    client = fakes.FakeClient(fakes.ana(asked=(asked(**more),)))
    return await tabs(client, route), client


def plain(app: App | Browser) -> str:
    return app.said.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("route", ["/me/profile", "/code"])
async def test_a_request_shows_over_any_screen_with_all_that_there_is_to_know(tabs, route):
    app, _ = await opened(tabs, route)
    for words in ("Centro asks to spend", "R$35.00", "R$7.80 of it remains", "90 seconds left", "Allow", "Refuse"):
        assert words in plain(app)
    spoken = [each for each in app.controls() if isinstance(each, ft.Semantics) and each.live_region]
    assert any("R$35.00" in "".join(app.words_of(each)) for each in spoken)


@pytest.mark.parametrize(
    ("name", "allow", "then"), [("Allow", True, "You allowed it"), ("Refuse", False, "You refused it")]
)
async def test_an_answer_is_given_once_and_shown_for_a_moment(tabs, name, allow, then):
    app, client = await opened(tabs)
    await app.tap(name, times=2)
    assert client.confirmations.calls == [("answer", "q1", allow)]
    assert then in app.said
    client.become(fakes.ana())
    await app.settle()
    assert then in app.said
    await client.clock.move(4)
    await app.settle()
    assert "asks to spend" not in app.said


async def test_a_request_that_is_too_late_says_so(tabs):
    app, client = await opened(tabs)
    await client.clock.move(90)
    await app.settle()
    assert "Too late" in app.said
    assert "Nothing was spent" in app.said
    await app.tap("Close")
    assert "asks to spend" not in app.said


async def test_a_request_that_the_till_takes_back_goes_and_the_next_comes(tabs):
    app, client = await opened(tabs)
    client.become(fakes.ana(asked=(asked("q2", 1_200),)))
    await app.settle()
    assert "R$12.00" in plain(app)
    client.become(fakes.ana())
    await app.settle()
    assert "asks to spend" not in app.said


async def test_an_answer_that_does_not_arrive_says_why(tabs):
    app, client = await opened(tabs)
    client.confirmations.fail["answer"] = Refused(refusal(ErrorCode.CONFIRMATION_OVER, status=409))
    await app.tap("Allow")
    assert "This request is over" in app.said
    await app.tap("Close")


async def test_points_in_a_request_are_named(tabs):
    app, _ = await opened(tabs, redeem=brl(3_000), redeem_points=500, remaining=brl(1_280))
    assert "With 500 points in it. R$12.80 of your cashback remains." in plain(app)


async def test_a_member_changes_what_tills_may_spend_without_asking(tabs):
    limits = {"spend_limit": brl(2_000), "most_spend_limit": brl(2_000)}
    client = fakes.FakeClient(fakes.ana(profile=fakes.PROFILE.model_copy(update=limits)))
    app = await tabs(client, "/code")
    assert "Spending allowed up to R$20.00" in plain(app)
    await app.tap("Change")
    for choice in ("Always ask me", "R$5.00", "R$10.00", "R$20.00"):
        assert choice in plain(app)
    client.confirmations.fail["set_limit"] = Offline("gone")
    await app.tap("R$5.00")
    assert "No answer came" in app.said
    await app.tap("Always ask me")
    assert client.confirmations.calls[-1] == ("set_limit", 0)
    assert "Always ask me" not in app.said


@pytest.mark.parametrize(
    ("limit", "said"),
    [(0, "Tills ask you each time"), (MAX_AMOUNT, "Tills may spend without asking you")],
)
async def test_no_limit_and_none_at_all_are_said_in_words_also_offline(tabs, limit, said):
    profile = fakes.PROFILE.model_copy(update={"spend_limit": brl(limit)})
    app = await tabs(fakes.FakeClient(fakes.ana(profile=profile, connection="offline")), "/code")
    assert said in app.said
    await app.tap("Change")
    assert "Any amount" in app.said


# the till


@pytest.fixture
async def at_till():
    """A basket of 100.00 of Ana's, of whose 42.80 up to 20.00 may be spent without asking her, and 1,200 points."""
    browsers: list[Browser] = []

    async def open_(**more) -> tuple[Browser, till_fakes.FakeClient]:
        client = till_fakes.FakeClient()
        quote = client.till.quote
        terms = {"may_spend": brl(4_280), "spend_limit": brl(2_000), **more}

        async def quoted(draft):
            return (await quote(draft)).model_copy(update=terms)

        client.till.quote = quoted
        till = await Browser.open(client, width=1280)
        browsers.append(till)
        await till.type("Scan or type a code", f"KIERTO{till_fakes.CODE}", enter=True)
        await till.press(*"100", "Enter")
        return till, client

    yield open_
    for each in browsers:
        await each.close()


async def test_up_to_the_limit_the_till_posts_at_once(at_till):
    till, client = await at_till()
    await slide(till, 20)
    await till.press("F9")
    assert client.till.posted[-1][1] == 2_000
    assert client.confirmations.calls == []


async def test_above_it_the_till_asks_first_waits_and_goes_on_by_itself(at_till):
    till, client = await at_till()
    await till.press("F8")
    assert "Above R$20.00 the member has to allow it in the app first." in plain(till)
    await till.tap("Confirm", settle=False)
    await till.settle()
    assert client.confirmations.calls == [("ask", "id-1", 4_280, 0)]
    assert "Waiting for Ana Souza to allow R$42.80 in the app." in plain(till)
    assert client.till.posted == []
    client.confirmations.settle("allowed")
    await till.settle()
    assert client.till.posted[-1][1] == 4_280
    assert client.till.count("confirm") == 1
    assert "/till/receipt/" in till.page.route


async def test_who_refuses_can_spend_less_by_one_press(at_till):
    till, client = await at_till()
    await till.press("F8")
    client.confirmations.outcome = "refused"
    await till.tap("Confirm")
    assert "Ana Souza did not allow R$42.80." in plain(till)
    await till.press("F8")
    assert "Confirm R$80.00" in plain(till)
    assert "did not allow" not in till.said
    await till.press("F9")
    assert client.till.posted[-1][1] == 2_000


@pytest.mark.parametrize("by", ["button", "key"])
async def test_the_way_round_takes_the_request_back_while_it_waits(at_till, by):
    till, client = await at_till()
    await till.press("F8")
    await till.tap("Confirm", settle=False)
    await till.settle()
    if by == "button":
        await till.tap("Spend up to")
    else:
        await till.press("F8")
    assert client.confirmations.calls[-1] == ("withdraw", "q1")
    assert client.till.posted == []
    assert "Confirm R$80.00" in plain(till)


async def test_escape_stops_asking_and_the_same_may_be_asked_again(at_till):
    till, client = await at_till()
    await till.press("F8")
    await till.tap("Confirm", settle=False)
    await till.settle()
    await till.press("Escape")
    assert till.page.route == "/till/basket"
    assert "Waiting for" not in till.said
    client.confirmations.outcome = "expired"
    await till.tap("Confirm")
    assert "There was no answer in time" in till.said
    client.confirmations.outcome = "allowed"
    await till.tap("Confirm")
    assert client.till.posted[-1][1] == 4_280


async def test_a_lost_network_while_asking_says_so_and_asks_again(at_till):
    till, client = await at_till()
    await till.press("F8")
    client.confirmations.fail["ask"] = Offline("gone")
    await till.tap("Confirm")
    assert "No answer came" in till.said
    client.confirmations.outcome = "allowed"
    await till.tap("Try again")
    assert client.till.posted[-1][1] == 4_280


async def test_who_wants_to_be_asked_always_can_spend_nothing_instead(at_till):
    till, _ = await at_till(spend_limit=brl(0))
    await till.press("F8")
    assert "The member has to allow it in the app first." in till.said
    await till.tap("Confirm", settle=False)
    await till.settle()
    await till.tap("Spend nothing instead")
    assert "Confirm R$100.00" in plain(till)


async def test_points_pay_beside_the_cashback(at_till):
    points = {"may_spend_points": Money(amount=1_200, currency="PTS"), "points_worth": brl(1_200)}
    till, client = await at_till(**points, may_spend_both=brl(5_000), spend_limit=None)
    assert "1,200 points = R$12.00" in plain(till)
    await till.tap("Use points")
    assert "Confirm R$88.00" in plain(till)
    await till.press("F8", "F9")
    assert client.till.posted[-1][1] == 3_800


def slider(till: Browser) -> ft.Slider:
    return next(each for each in till.controls() if isinstance(each, ft.Slider))


async def slide(till: Browser, to: int) -> None:
    found = slider(till)
    till.session.apply_patch(found._i, {"value": to})
    for name in ("change", "change_end"):
        await till.session.dispatch_event(found._i, name, to)
    await till.settle()


async def test_the_slider_goes_in_whole_units_and_the_field_to_the_cent(at_till):
    till, _ = await at_till()
    assert (slider(till).divisions, slider(till).value) == (43, 0)
    await slide(till, 12)
    assert till.field("Cashback to spend").value == "12"
    assert "Confirm R$88.00" in plain(till)
    await till.type("Cashback to spend", "12.34")
    assert slider(till).value == pytest.approx(12.34)
    await slide(till, 43)
    assert till.field("Cashback to spend").value == "42.80"


def test_a_step_is_a_unit_or_more_of_them_where_there_are_very_many():
    assert [at_step(value, brl(4_280)) for value in (0, 1, 42, 43)] == [0, 100, 4_200, 4_280]
    assert step_of(Money(amount=50, currency="JPY")) == 1
    assert step_of(brl(1_000_000)) == 1_000
    assert at_step(1_000, brl(1_000_000)) == 1_000_000


async def test_a_request_of_a_customer_who_has_gone_is_taken_back(at_till):
    till, client = await at_till()
    await till.press("F8")
    await till.tap("Confirm", settle=False)
    await till.settle()
    sale_of(session_of(till.page)).clear()
    await till.settle()
    assert client.confirmations.calls[-1] == ("withdraw", "q1")
    assert client.till.posted == []


# every language at 360, with large text


async def test_a_request_has_room_for_every_language():
    async def show(texts):
        state = fakes.ana(asked=(asked("q1", 123_456, redeem_points=1_500, remaining=brl(123_456)),))
        return await App.start(fakes.FakeClient(state), "/code", width=NARROW, texts=texts)

    assert await misfits(show) == {}


async def test_the_limits_to_choose_from_have_room_for_every_language():
    async def show(texts):
        app = await App.start(fakes.FakeClient(), "/code", width=NARROW, texts=texts)
        await app.tap(texts("en", "UTC").t("Change"))
        return app

    assert await misfits(show) == {}


async def test_a_till_that_asks_has_room_for_every_language():
    async def show(texts):
        client = till_fakes.FakeClient()
        quote = client.till.quote
        more = {"may_spend_points": Money(amount=1_200, currency="PTS"), "points_worth": brl(1_200)}

        async def quoted(draft):
            terms = {"may_spend_both": brl(2_000), "spend_limit": brl(1_000), **more}
            return (await quote(draft)).model_copy(update=terms)

        client.till.quote = quoted
        client.confirmations.outcome = "expired"
        till = await Browser.open(client, width=NARROW, keys=False, texts=texts)
        field = next(each for each in till.controls() if isinstance(each, ft.TextField))
        await till.type(field.label, f"KIERTO{till_fakes.CODE}", enter=True)
        await till.press(*"64", "Enter", "F8")
        await till.tap(texts("en", "UTC").t("Use points"))
        await till.press("F9")
        return till

    assert await misfits(show) == {}
