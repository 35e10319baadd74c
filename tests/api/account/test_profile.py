"""What a member may change of herself, and where she is signed in."""

from __future__ import annotations

from datetime import date

import pytest

from contract import member_code
from contract.account import Devices
from contract.members import Profile
from tests.support import shopping


async def change(http, me, **what):
    return await http.patch("/v1/me", json=what, headers=me.headers)


async def test_name_and_language_can_be_changed_and_every_device_is_told(
    http, database, clock, make_member, make_phone
):
    ana = await make_member()
    await shopping.publish(database, ana.programme_id, clock.now(), shopping.campaign())
    await shopping.buy(database, ana, clock.now(), [shopping.line(10_000)])
    phone = await make_phone(ana)
    tablet = phone.another()
    assert not (await tablet.sync()).profile.language_chosen
    answer = await http.patch("/v1/me", json={"name": "  Ana  Maria ", "language": "pt-BR"}, headers=phone.headers)
    assert Profile.model_validate_json(answer.content).name == "Ana Maria"
    told = await tablet.sync()
    assert (told.profile.name, told.profile.language, told.profile.language_chosen) == ("Ana Maria", "pt-BR", True)
    assert told.full, "what stands in the cache in another language is told anew"
    assert [lot.name for lot in told.lots] == ["Oferta base"]
    assert not (await tablet.sync()).full


async def test_a_birthday_is_set_once(http, make_member, sign_in_member):
    me = await sign_in_member(await make_member())
    assert (await change(http, me, birthday="1990-02-29")).status_code == 422
    assert (await change(http, me, birthday="1990-05-17")).json()["birthday"] == "1990-05-17"
    assert (await change(http, me, birthday="1990-05-17")).status_code == 200
    answer = await change(http, me, birthday="1991-05-17")
    assert (answer.status_code, answer.json()["code"]) == (409, "birthday_set")


@pytest.mark.parametrize("birthday", [date(2013, 3, 11), date(1905, 1, 1), date(2027, 1, 1)])
async def test_a_birthday_that_is_none_is_refused(http, make_member, sign_in_member, birthday):
    me = await sign_in_member(await make_member())
    answer = await change(http, me, birthday=birthday.isoformat())
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "birthday")


async def test_devices_say_where_one_is_signed_in(http, app, clock, make_member):
    from tests.support import people

    ana = await make_member()
    phone = await people.sign_in_member(app, ana, device_name="Chrome on Android")
    clock.move(minutes=3)
    laptop = await people.sign_in_member(app, ana, device_name="Firefox on Windows")
    answer = await http.get("/v1/me/devices", headers=laptop.headers)
    devices = Devices.model_validate_json(answer.content).items
    assert [(each.name, each.this) for each in devices] == [("Firefox on Windows", True), ("Chrome on Android", False)]
    assert devices[1].device_id == str(phone.session_id)


async def test_a_device_that_is_signed_out_is_out_at_once(
    http, app, clock, make_member, sign_in_member, make_staff, sign_in_staff
):
    ana = await make_member()
    lost, kept = await sign_in_member(ana), await sign_in_member(ana)
    stream = app.state.hub.subscribe(ana.member_id, lost.session_id)
    with stream as open_stream:
        gone = await http.delete(f"/v1/me/devices/{lost.session_id}", headers=kept.headers)
        assert gone.status_code == 204
        assert [version async for version in open_stream] == [], "its stream has ended"
    assert (await http.get("/v1/me", headers=lost.headers)).json()["code"] == "session_ended"
    renewed = await http.post("/v1/sign-in/refresh", json={"refresh_token": lost.refresh_token})
    assert renewed.json()["code"] == "session_ended"
    till = await sign_in_staff(await make_staff())
    for device, status in ((lost, 422), (kept, 200)):
        step = member_code.step_at(clock.now().timestamp())
        code = member_code.make(ana.member_number, device.code_secret, step).text
        headers = {**till.headers, "Idempotency-Key": code}
        answer = await http.post("/v1/till/identify", json={"code": code}, headers=headers)
        assert answer.status_code == status, answer.text
    again = await http.delete(f"/v1/me/devices/{lost.session_id}", headers=kept.headers)
    assert again.status_code == 404


async def test_signing_out_everywhere_else_leaves_this_device_and_other_people(http, make_member, sign_in_member):
    ana, bruno = await make_member(), await make_member()
    here, there, other = await sign_in_member(ana), await sign_in_member(ana), await sign_in_member(bruno)
    foreign = await http.delete(f"/v1/me/devices/{other.session_id}", headers=here.headers)
    assert foreign.status_code == 404
    assert (await http.delete("/v1/me/devices", headers=here.headers)).status_code == 204
    assert (await http.get("/v1/me", headers=there.headers)).status_code == 401
    assert (await http.get("/v1/me", headers=here.headers)).status_code == 200
    assert (await http.get("/v1/me", headers=other.headers)).status_code == 200
