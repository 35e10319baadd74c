"""What a device is told since it last asked: always of one moment, never less than what changed."""

from __future__ import annotations

import struct
from base64 import urlsafe_b64encode

import pytest

from contract.members import Changes
from tests.support import shopping
from tests.support.people import make_programme
from tests.support.phone import make_phone

__all__ = ["make_phone"]


@pytest.fixture
async def ana(database, clock, make_member):
    ana = await make_member(name="Ana Souza", language="pt-BR")
    await shopping.publish(database, ana.programme_id, clock.now(), shopping.campaign(pending_days=14))
    return ana


@pytest.fixture
async def phone(ana, make_phone):
    return await make_phone(ana)


async def test_the_first_answer_is_all_there_is(database, clock, ana, phone):
    purchase_id = await shopping.buy(database, ana, clock.now(), [shopping.line(10_000)])

    told = await phone.sync()

    assert told.full
    assert told.wallet == told.profile.wallet
    assert (told.wallet.pending.amount, told.wallet.available.amount) == (500, 0)
    [lot] = told.lots
    assert (lot.name, lot.state, lot.remaining.amount) == ("Oferta base", "pending", 500)
    assert lot.purchase_id == str(purchase_id)
    [purchase] = told.purchases
    assert (purchase.store.name, purchase.state, purchase.earned.amount) == ("Centro", "pending", 500)
    assert purchase.lines[0].why[0].campaign_id == "base"
    assert [offer.name for offer in told.offers or ()] == ["Oferta base"]
    assert told.older_purchases is None


async def test_nothing_new_says_nothing(database, clock, ana, phone):
    await shopping.buy(database, ana, clock.now())
    first = await phone.sync()
    clock.move(minutes=5)

    told = await phone.sync()

    assert not told.full
    assert (told.lots, told.purchases, told.offers) == ([], [], None)
    assert told.cursor == first.cursor
    assert told.wallet.as_of == clock.now()


async def test_a_purchase_brings_its_lot_and_itself(database, clock, ana, phone):
    await shopping.buy(database, ana, clock.now())
    await phone.sync()
    second = await shopping.buy(database, ana, clock.move(minutes=1), [shopping.line(2_000)])

    told = await phone.sync()

    assert not told.full
    assert [purchase.purchase_id for purchase in told.purchases] == [str(second)]
    assert [lot.original.amount for lot in told.lots] == [100]
    assert told.offers is None
    assert phone.adds_up()


async def test_a_purchase_that_earned_nothing_is_told_too_and_so_is_its_return(database, clock, ana, phone):
    await phone.sync()
    bought = await shopping.buy(database, ana, clock.now(), [shopping.line(category="giftcard")])
    assert [purchase.purchase_id for purchase in (await phone.sync()).purchases] == [str(bought)]
    await shopping.give_back(database, ana, bought, clock.move(minutes=1))
    assert [purchase.state for purchase in (await phone.sync()).purchases] == ["refunded"]


async def test_release_reaches_the_purchase_too(database, clock, ana, phone):
    await shopping.buy(database, ana, clock.now())
    await phone.sync()
    await shopping.settle(database, clock.move(days=15))

    told = await phone.sync()

    assert [lot.state for lot in told.lots] == ["available"]
    assert [purchase.state for purchase in told.purchases] == ["available"]


async def test_a_spent_lot_is_sent_once_with_nothing_left(database, clock, ana, phone):
    await shopping.buy(database, ana, clock.now(), [shopping.line(10_000)])
    await shopping.settle(database, clock.move(days=15))
    await phone.sync()
    await shopping.buy(database, ana, clock.now(), [shopping.line(2_000)], redeem=500)

    told = await phone.sync()

    assert sorted(lot.remaining.amount for lot in told.lots) == [0, 100]
    assert len(phone.lots) == 1
    assert phone.adds_up()
    assert all(lot.remaining.amount for lot in (await phone.another().sync()).lots)


async def test_a_refund_reaches_the_purchase_it_takes_back(database, clock, ana, phone):
    bought = await shopping.buy(database, ana, clock.now(), [shopping.line(4_000, quantity=2)])
    await phone.sync()
    await shopping.give_back(database, ana, bought, clock.move(minutes=1), {0: 1})

    [half] = (await phone.sync()).purchases
    await shopping.give_back(database, ana, bought, clock.move(minutes=1))
    [whole] = (await phone.sync()).purchases

    assert (half.state, half.clawed_back.amount, half.lines[0].refunded_quantity) == ("pending", 200, 1)
    assert [refund.amount.amount for refund in half.refunds] == [4_000]
    assert (whole.state, whole.clawed_back.amount, whole.lines[0].clawed_back.amount) == ("refunded", 400, 400)
    assert phone.wallet.pending.amount == 0
    assert phone.adds_up()


async def test_offers_come_again_when_they_have_changed(http, database, clock, ana, phone):
    await phone.sync()
    await shopping.publish(database, ana.programme_id, clock.now(), shopping.campaign("bread", needs_activation=True))
    assert {offer.offer_id for offer in (await phone.sync()).offers or ()} == {"base", "bread"}

    await http.put("/v1/me/offers/bread/activation", headers=phone.headers)

    states = {offer.offer_id: offer.state for offer in (await phone.sync()).offers or ()}
    assert states == {"base": "open", "bread": "activated"}
    assert (await phone.sync()).offers is None


async def test_offers_come_again_when_the_clock_has_changed_them(database, clock, ana, phone):
    ends = clock.now().replace(hour=20)
    await shopping.publish(
        database,
        ana.programme_id,
        clock.now(),
        shopping.campaign("today", when={"starts_at": shopping.STARTED, "ends_at": ends}),
    )
    await phone.sync()
    clock.set(ends)
    assert [offer.offer_id for offer in (await phone.sync()).offers or ()] == ["base"]


async def test_a_new_epoch_is_told_in_full(database, clock, ana, phone):
    await shopping.buy(database, ana, clock.now())
    await phone.sync()
    await database.execute("update programme set epoch = gen_random_uuid()")

    told = await phone.sync()

    assert told.full
    assert len(told.lots) == 1


async def test_a_version_of_the_future_is_told_in_full(http, database, clock, connections, ana, phone):
    await shopping.buy(database, ana, clock.now())
    ahead = (await phone.sync()).cursor
    await shopping.restore_wallet_version(connections, ana, 0)

    answer = await http.get("/v1/me/changes", params={"since": ahead}, headers=phone.headers)

    assert answer.json()["full"]


@pytest.mark.parametrize("cursor", ["x", "AAAA", "é", "%00", "A" * 84, "🜚", "null", "-", "A" * 3_000])
async def test_a_cursor_that_is_none_is_told_in_full(http, phone, cursor):
    answer = await http.get("/v1/me/changes", params={"since": cursor}, headers=phone.headers)
    assert answer.status_code == 200
    assert answer.json()["full"]


async def test_a_cursor_of_an_older_form_is_told_in_full(http, database, clock, ana, phone):
    await shopping.buy(database, ana, clock.now())
    older = struct.Struct(">B16sqqq8sqI").pack(1, ana.programme_id.bytes, 1, 1, 0, b"offers!!", 0, 0)
    phone.cursor = urlsafe_b64encode(older).decode()
    assert (await phone.sync()).full


async def test_points_come_as_lots_of_their_own(database, clock, ana, phone):
    """A device can say when points expire, and work their balance out again."""
    terms = {"reward": {"kind": "points", "per": 100}, "expiry": {"kind": "days", "days": 30}}
    await shopping.publish(database, ana.programme_id, clock.now(), shopping.campaign("points", **terms))
    await phone.sync()
    await shopping.buy(database, ana, clock.now(), [shopping.line(10_000)])
    for device in (phone, phone.another()):
        await device.sync()
        [points] = [lot for lot in device.lots.values() if lot.remaining.currency == "PTS"]
        assert (points.remaining.amount, points.state) == (100, "available")
        assert points.expires_at is not None
        assert device.adds_up()
    await shopping.settle(database, clock.move(days=31))
    assert [lot.remaining.amount for lot in (await phone.sync()).lots if lot.remaining.currency == "PTS"] == [0]
    assert phone.adds_up()


async def test_no_changed_cursor_is_taken(http, database, clock, ana, phone):
    await shopping.buy(database, ana, clock.now())
    cursor = (await phone.sync()).cursor
    for i in range(len(cursor)):
        garbled = cursor[:i] + ("A" if cursor[i] != "A" else "B") + cursor[i + 1 :]
        answer = await http.get("/v1/me/changes", params={"since": garbled}, headers=phone.headers)
        assert answer.json()["full"], i


async def test_another_members_cursor_is_told_in_full_of_ones_own(
    http, database, clock, ana, phone, make_member, sign_in_member
):
    bruno = await make_member(name="Bruno Lima")
    await shopping.buy(database, ana, clock.now())
    await shopping.buy(database, bruno, clock.now(), [shopping.line(9_000)])
    cursor = (await phone.sync()).cursor
    headers = (await sign_in_member(bruno)).headers

    answer = await http.get("/v1/me/changes", params={"since": cursor}, headers=headers)

    told = Changes.model_validate_json(answer.content)
    assert told.full
    assert [lot.original.amount for lot in told.lots] == [450]
    assert told.profile.name == "Bruno Lima"


async def test_members_of_two_programmes_are_apart(database, clock, ana, phone, make_member, make_phone):
    other = await make_programme(database, clock, slug="borealis")
    eva = await make_member(name="Eva", programme=other)
    await shopping.publish(
        database, other.programme_id, clock.now(), shopping.campaign(reward={"kind": "percent", "rate_bp": 1_000})
    )
    await shopping.buy(database, ana, clock.now(), [shopping.line(10_000)], receipt_number="same")
    await shopping.buy(database, eva, clock.now(), [shopping.line(10_000)], receipt_number="same")

    hers = await (await make_phone(eva)).sync()
    anas = await phone.sync()

    assert (hers.wallet.available.amount, anas.wallet.pending.amount) == (1_000, 500)
    assert hers.profile.programme.slug == "borealis"
    assert [(offer.offer_id, offer.rate_bp) for offer in hers.offers or ()] == [("base", 1_000)]
    assert [(offer.offer_id, offer.rate_bp) for offer in anas.offers or ()] == [("base", 500)]
    assert {p.purchase_id for p in hers.purchases}.isdisjoint(p.purchase_id for p in anas.purchases)


async def test_more_purchases_than_fit_a_page_go_on_by_cursor(http, database, clock, ana, phone):
    bought = [str(await shopping.buy(database, ana, clock.move(minutes=1))) for _ in range(53)]

    told = await phone.sync()
    answer = await http.get("/v1/me/purchases", params={"cursor": told.older_purchases}, headers=phone.headers)

    ids = [purchase.purchase_id for purchase in told.purchases]
    assert ids == bought[:2:-1]
    assert [each["purchase_id"] for each in answer.json()["items"]] == bought[2::-1]
    assert answer.json()["next_cursor"] is None


async def test_more_changes_than_a_delta_holds_are_told_in_full(database, clock, ana, phone):
    await phone.sync()
    for _ in range(201):
        await shopping.buy(database, ana, clock.move(seconds=1))

    told = await phone.sync()

    assert told.full
    assert (len(told.purchases), len(told.lots)) == (50, 201)
    assert phone.adds_up()
