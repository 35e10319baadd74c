"""A shift is counted by the API, and a difference is explained."""

from __future__ import annotations

from uuid import uuid4

from tests.support.shopping import line


def amounts(totals: dict) -> tuple[int, ...]:
    names = ("sold", "earned", "spent", "refunded", "taken_back", "given_back")
    return (totals["receipts"], totals["refunds"], *(totals[name]["amount"] for name in names))


async def test_a_shift_is_counted_by_cashier_and_till_and_says_what_came_late(till, device, desk_of, clock, manager):
    opened = (await manager.call("POST", "/till/shifts")).json()
    assert amounts(opened["totals"]) == (0,) * 8
    assert (await manager.call("POST", "/till/shifts")).json()["code"] == "shift_open"
    first = await till.buy(device, line(10_000))
    await till.buy(device, line(20_000), redeem=200)
    queued_at = clock.now()
    code = device.code()
    clock.move(seconds=31)
    second = await desk_of("cashier", name="Rosa")
    till.headers, leo = second.headers, till.headers
    await till.buy(device, line(4_000))
    await till.post(f"purchases/{first['purchase_id']}/refunds", {})
    path = f"/till/shifts/{opened['shift_id']}"
    body = {"counted": {"receipts": 4, "sold": 39_000}, "note": "One receipt is in the queue"}
    clock.move(seconds=60)
    closed = (await manager.call("POST", f"{path}/close", body)).json()
    assert amounts(closed["closing"]) == (3, 1, 34_000, 1_700, 200, 10_000, 500, 0)
    assert {each["name"]: each["totals"]["receipts"] for each in closed["cashiers"]} == {"Leo": 2, "Rosa": 1}
    assert (await manager.call("POST", f"{path}/close", {})).json()["code"] == "shift_closed"

    clock.move(minutes=5)
    receipt = {**till.basket(line(5_000), code=code), "at": queued_at.isoformat()}
    batch = {"receipts": [{"key": str(uuid4()), "purchase": receipt, "scanned_at": queued_at.isoformat()}]}
    sent = await till.http.post("/v1/till/batches", json=batch, headers=leo)
    assert sent.json()["outcomes"][0]["outcome"] == "posted", sent.text
    report = await manager.get(path)
    assert amounts(report["closing"])[2] == 34_000
    assert amounts(report["totals"])[2] == 39_000 == report["counted"]["sold"]
    assert [(late["after_closing"], late["total"]["amount"]) for late in report["late"]] == [(True, 5_000)]
    text = (await manager.call("GET", path, headers={"Accept": "text/csv"})).text
    assert text.splitlines()[1].startswith("shift,centro,4,1,39000")
    (listed,) = (await manager.get("/till/shifts"))["items"]
    assert listed["closed_by"] == "Marta"


async def test_another_store_does_not_see_a_shift(manager, desk_of):
    opened = (await manager.call("POST", "/till/shifts")).json()
    other = await desk_of("manager", store_id="jardins")
    assert (await other.call("GET", f"/till/shifts/{opened['shift_id']}")).status_code == 404
    assert (await other.get("/till/shifts"))["items"] == []


async def test_a_receipt_is_printed_from_a_link_that_ends(till, device, http, clock):
    bought = await till.buy(device, line(10_000, name="Bread <b>"))
    link = (await till.post(f"purchases/{bought['purchase_id']}/print", None)).json()["path"]
    page = await http.get(link, params={"language": "pt-BR"})
    assert page.status_code == 200
    assert "Bread &lt;b&gt;" in page.text
    assert "Cashback ganho" in page.text
    assert "sha256-" in page.headers["content-security-policy"]
    assert (await http.get(link[:-2] + "xx")).status_code == 404
    clock.move(minutes=6)
    assert (await http.get(link)).status_code == 404


async def test_a_receipt_is_mailed_to_the_member_who_asks(till, device, app, make_member, clock, sign_in_member):
    bought = await till.buy(device)
    path = f"purchases/{bought['purchase_id']}/mail"
    assert (await till.post(path, {"consent": False})).status_code == 422
    assert (await till.post(path, {"consent": True})).status_code == 202
    (mail,) = app.state.mail.mails
    assert mail.to == device.member.contact
    assert bought["receipt_number"] in mail.subject
