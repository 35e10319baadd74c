"""The sale in hand, the amounts that are typed, the codes that the camera sees."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from contract.basket import BasketLine
from contract.money import Money
from contract.till import Identification, TillQuote
from services.texts import Texts
from services.till import Draft
from tests.views.till_fakes import NOW, FakeTill, brl, wallet
from views.camera import read_codes
from views.till.categories import CATEGORIES, category_name
from views.till.refunding import as_lines, everything, with_pieces
from views.till.sale import Sale, Spends, parse_amount, press


def identification(name: str = "Ana Souza", id_: str = "id-1") -> Identification:
    return Identification(
        identification=id_,
        expires_at=NOW + timedelta(minutes=5),
        member_name=name,
        wallet=wallet(),
        can_spend=True,
        spend_limit=brl(2000),
    )


def line(amount: int = 6400, **more) -> BasketLine:
    return BasketLine(name="Food", category="food", unit_price=amount, **more)


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("64", 6400),
        ("22.5", 2250),
        ("22,50", 2250),
        (".5", 50),
        ("0.01", 1),
        (" 7 ", 700),
        ("10000000", 1_000_000_000),
        *[
            (wrong, None)
            for wrong in (
                "",
                "0",
                "0.00",
                "-5",
                "+5",
                "1.234",
                "1.234,50",
                "1e3",
                "abc",
                "٣",
                "100000000.01",
                ".",
                "9" * 40,
            )
        ],
    ],
)
def test_an_amount_is_what_was_typed_or_nothing(typed, minor):
    assert parse_amount(typed, "BRL") == minor


def test_a_currency_without_decimals_takes_none():
    assert parse_amount("500", "JPY") == 500
    assert parse_amount("5.0", "JPY") is None
    assert parse_amount("1.234", "KWD") == 1234


def test_the_pad_writes_an_amount_that_can_be_read():
    text = ""
    for key in "0225.509":
        text = press(text, key, "BRL")
    assert text == "225.50"
    assert press(text, "back", "BRL") == "225.5"
    assert press("", ".", "BRL") == "0."
    assert press("5", ".", "JPY") == "5"
    assert press("12345678", "9", "BRL") == "12345678"


def test_the_next_member_begins_with_an_empty_basket():
    sale = Sale()
    sale.begin(identification(), NOW)
    sale.add(line())
    sale.choose("all")
    sale.begin(identification("Bruno Lima", "id-2"), NOW)
    assert (sale.lines, sale.spend, sale.member_name) == ((), "none", "Bruno Lima")


def test_a_scan_asked_for_by_the_basket_keeps_it_and_its_moment():
    sale = Sale()
    sale.begin(identification(), NOW)
    sale.add(line())
    sale.again = True
    sale.begin(identification(id_="id-2"), NOW + timedelta(minutes=9))
    assert sale.draft == Draft("id-2", "Ana Souza", "", (line(),), NOW)


def test_a_removed_line_comes_back_where_it_was():
    sale = Sale()
    sale.begin(identification(), NOW)
    for amount in (100, 200, 300):
        sale.add(line(amount))
    before = sale.lines
    sale.remove(1)
    assert [each.net for each in sale.lines] == [100, 300]
    sale.put_back()
    assert sale.lines == before
    sale.put_back()
    assert sale.lines == before


def test_what_is_spent_is_nothing_all_that_may_be_or_what_was_said():
    sale = Sale()
    quote = TillQuote.model_construct(may_spend=brl(2000))
    assert sale.spends(quote) == Spends()
    sale.choose("all")
    assert sale.spends(quote) == Spends(2000)
    sale.choose("exact", 550)
    assert sale.spends(quote) == Spends(550)


def test_points_and_cashback_share_the_caps_and_the_limit_above_which_the_member_is_asked():
    sale = Sale()
    points = {"may_spend_points": Money(amount=1200, currency="PTS"), "points_worth": brl(1200)}
    quote = TillQuote.model_construct(may_spend=brl(2500), may_spend_both=brl(3000), spend_limit=brl(2500), **points)
    sale.choose("all")
    assert (sale.spends(quote).amount, sale.asks(quote)) == (2500, False)
    sale.use_points(True)
    assert sale.most_cashback(quote) == 1800
    assert (sale.spends(quote), sale.asks(quote)) == (Spends(1800, 1200, 1200), True)
    sale.begin(identification(), NOW)
    assert not sale.points


def test_an_empty_basket_is_no_draft():
    sale = Sale()
    assert sale.draft is None
    sale.begin(identification(), NOW)
    assert sale.draft is None


def test_every_category_has_a_name_of_its_own():
    texts = Texts("en", "UTC")
    names = [category_name(texts, each.path) for each in CATEGORIES]
    assert len(set(names)) == len(CATEGORIES)
    assert category_name(texts, "pets/cat food") == "Cat food"


def test_a_whole_purchase_goes_back_without_naming_lines():
    till = FakeTill()
    till._receipt(Draft("id-1", "Ana", "", (line(), line(1000, quantity=3)), NOW), 0)
    purchase = till.sold[0]
    all_of_it = everything(purchase)
    assert all_of_it == ((0, 1), (1, 3))
    assert as_lines(all_of_it, purchase) is None
    fewer = with_pieces(all_of_it, 1, 2)
    assert [(each.line, each.quantity) for each in as_lines(fewer, purchase) or []] == [(0, 1), (1, 2)]
    assert with_pieces(fewer, 0, 0) == ((1, 2),)


class Album:
    """Pictures one after the other, then for ever the last."""

    def __init__(self, *pictures: bytes | Exception) -> None:
        self.pictures = list(pictures)
        self.over = asyncio.Event()

    async def take(self) -> bytes:
        if len(self.pictures) == 1:
            self.over.set()
            await asyncio.Event().wait()
        picture = self.pictures.pop(0)
        if isinstance(picture, Exception):
            raise picture
        return picture

    def decode(self, picture: bytes) -> str | None:
        return picture.decode() or None


async def read_all(album: Album, clock=lambda: NOW) -> list[str]:
    codes: list[str] = []

    async def on_code(text: str) -> None:
        codes.append(text)

    async def sleep(_: float) -> None:
        await asyncio.sleep(0)

    task = asyncio.create_task(read_codes(album.take, album, on_code, sleep, clock))
    done, _ = await asyncio.wait(
        {task, asyncio.create_task(album.over.wait())}, timeout=10, return_when=asyncio.FIRST_COMPLETED
    )
    assert done
    task.cancel()
    return codes


async def test_the_camera_reports_a_code_once_while_it_is_held_there():
    assert await read_all(Album(b"", b"one", b"one", b"", b"one", b"two", b"end")) == ["one", "two"]


async def test_a_picture_that_fails_is_skipped():
    assert await read_all(Album(RuntimeError("blurred"), b"one", b"end")) == ["one"]


async def test_a_code_that_is_held_for_long_is_read_once_and_again_after_it_was_out_of_sight():
    moments = iter(NOW + timedelta(seconds=step) for step in range(100))
    held = [b"one"] * 20
    assert await read_all(Album(*held, b"end"), lambda: next(moments)) == ["one"]
    moments = iter(NOW + timedelta(seconds=3 * step) for step in range(100))
    assert await read_all(Album(b"one", b"", b"one", b"end"), lambda: next(moments)) == ["one", "one"]
