"""A member's own account on screen: profile, devices, consents, the copy, leaving, help."""

from __future__ import annotations

from datetime import date, timedelta

import flet as ft
import pytest

from contract.errors import ErrorCode
from services.errors import Offline, Refused, refusal
from tests.views.fake_mine import AT, export
from tests.views.fakes import PROFILE, FakeClient, ana, nobody
from views.device_name import device_name


async def test_me_leads_to_all_that_is_hers_and_back(tabs):
    app = await tabs(FakeClient(), "/me")
    for name, route in (
        ("Profile", "/me/profile"),
        ("Your devices", "/me/devices"),
        ("Your data", "/me/privacy"),
        ("Your claims", "/me/claims"),
        ("Help", "/me/help"),
    ):
        await app.tap(name)
        assert app.route == route
        assert name in app.said
        await app.back()
        assert app.route == "/me"


async def test_a_new_name_is_saved_once_and_said(tabs):
    client = FakeClient()
    app = await tabs(client, "/me/profile")
    await app.type("Name", " Ana Maria ")
    await app.tap_twice("Save")
    assert [call for call in client.calls if call[0] == "change_profile"] == [("change_profile", {"name": "Ana Maria"})]
    assert "Saved." in app.said


async def test_a_birthday_is_asked_with_its_reason_and_once(tabs):
    client = FakeClient()
    app = await tabs(client, "/me/profile")
    assert "used for nothing else" in app.said
    await app.tap("Set your birthday")
    picker = next(each for each in app.controls() if isinstance(each, ft.DatePicker))
    app.session.apply_patch(picker._i, {"value": AT.replace(year=1990, month=5, day=17, hour=3)})
    await app._event(picker, "change")
    assert "Is 17 May 1990 your birthday?" in app.said
    await app.tap("Yes, that is it")
    assert ("change_profile", {"birthday": date(1990, 5, 17)}) in client.calls
    client.become(ana(profile=PROFILE.model_copy(update={"birthday": date(1990, 5, 17)})))
    await app.settle()
    assert "17 May 1990" in app.said
    assert "Set your birthday" not in app.said


async def test_the_language_chosen_here_is_told_and_the_one_chosen_elsewhere_is_followed(tabs):
    client = FakeClient()
    app = await tabs(client, "/me")
    await app.tap("Suomi")
    assert ("change_profile", {"language": "fi"}) in client.calls
    client.become(ana(profile=PROFILE.model_copy(update={"language": "pt-BR", "language_chosen": True})))
    await app.settle()
    assert "Carteira" in app.said
    assert await app.vault.get("language") == "pt-BR"


async def test_each_device_can_be_signed_out_but_this_one_has_no_such_button(tabs):
    client = FakeClient()
    app = await tabs(client, "/me/devices")
    assert "Chrome, Android" in app.said
    assert "Last used 2 hours ago" in app.said
    assert "Sign out Chrome" not in app.said
    await app.tap("Sign out Firefox, Windows")
    assert ("sign_out_device", "d2") in client.calls
    assert "Firefox" not in app.said
    assert "Sign out everywhere else" not in app.said
    other = FakeClient()
    again = await tabs(other, "/me/devices")
    await again.tap_twice("Sign out everywhere else")
    assert other.count("sign_out_others") == 1


async def test_a_yes_is_kept_at_once_and_a_refusal_leaves_it_as_it_was(tabs):
    client = FakeClient()
    app = await tabs(client, "/me/consents")
    switches = [each for each in app.controls() if isinstance(each, ft.Switch)]
    assert [each.value for each in switches] == [True] + [False] * 11
    app.session.apply_patch(switches[1]._i, {"value": True})
    await app._event(switches[1], "change", "true")
    call = next(call for call in client.calls if call[0] == "choose")
    assert (call[1][0].channel, call[1][0].purpose, call[1][0].granted) == ("email", "expiry", True)
    assert "Yes since 10 Mar 2026" in app.said
    client.fail["choose"] = Offline()
    app.session.apply_patch(switches[2]._i, {"value": True})
    await app._event(switches[2], "change", "true")
    assert "No answer came." in app.said


async def test_a_copy_shows_how_far_it_is_and_is_downloaded_when_ready(tabs):
    client = FakeClient()
    client.mine.next_copy = export("waiting", 4_000, 20_000)
    app = await tabs(client, "/me/privacy")
    await app.tap("Get a copy of everything")
    assert "4,000 of 20,000 records" in app.said
    client.mine.copies = [export()]
    await client.clock.move(2)
    await app.settle()
    await app.tap("Download")
    assert ("export_file", "x1") in client.calls
    assert "It stays here until 17 Mar 2026." in app.said


async def test_leaving_says_what_is_lost_and_takes_a_code(tabs):
    client = FakeClient()
    app = await tabs(client, "/me/leave")
    assert "You lose R$48.90 of cashback." in app.said
    assert "You have 14 days to change your mind" in app.said
    await app.tap("Delete my account")
    assert client.count("leaving_code") == 1
    await app.type("6-digit code", "123456")
    await app.tap_twice("Delete my account")
    assert [call for call in client.calls if call[0] == "leave"] == [("leave", "123456")]


async def test_who_asked_to_leave_sees_that_wherever_she_goes_and_may_stay(tabs):
    client = FakeClient(ana(profile=PROFILE.model_copy(update={"leaving_at": AT + timedelta(days=14)})))
    app = await tabs(client, "/offers")
    assert "You asked to leave" in app.said
    assert "24 Mar 2026, in 2 weeks" in app.said
    assert "Activate" not in app.said
    assert "Me" in app.said, "the way to every place stays"
    await app.tap("Stay after all")
    assert client.count("stay") == 1
    client.become(ana())
    await app.settle()
    assert "You asked to leave" not in app.said


async def test_who_joins_reads_the_terms_and_says_yes_or_no(tabs):
    client = FakeClient(nobody())
    client.fail["sign_in_with_code"] = Refused(refusal(ErrorCode.TERMS_REQUIRED, status=409))
    app = await tabs(client, "/sign-in")
    await app.type("E-mail or phone", "nova@example.com")
    await app.tap("Send me a code")
    await app.type("6-digit code", "123456")
    assert app.route == "/sign-in/join"
    assert "Fair and plain terms." in app.said
    await app.type("What shall we call you?", "Nova")
    await app.tap_twice("Accept and join")
    joined = [call for call in client.calls if call[0] == "sign_in_with_code"][1:]
    assert len(joined) == 1
    joining = joined[0][3]
    assert (joining.terms_version, joining.name, joining.use_history) == (1, "Nova", True)
    chosen = {(each.channel, each.purpose): each.granted for each in joining.choices}
    assert chosen == {("email", "news"): False, ("email", "expiry"): True}, "no news that nobody asked for"
    assert app.route == "/"


@pytest.mark.parametrize(("client", "way"), [(FakeClient, "/me/help"), (lambda: FakeClient(nobody()), "/help")])
async def test_help_answers_with_and_without_an_account(tabs, client, way):
    app = await tabs(client(), way)
    for question in ("How do I earn cashback?", "Why does my code change?", "How do I leave?"):
        assert question in app.said


@pytest.mark.parametrize(
    ("agent", "platform", "name"),
    [
        ("Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/126.0 Mobile Safari/537.36", "", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Mobile Safari/604.1", "", "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0", "", "Firefox, Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/126.0 Safari/537.36 Edg/126.0", "", "Edge, Mac"),
        (None, "android", "Android"),
        (None, "", ""),
    ],
)  # fmt: skip
def test_a_device_goes_by_its_browser_and_its_system(agent, platform, name):
    assert device_name(agent, platform) == name
