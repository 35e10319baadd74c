"""The catalogue on a till: fetched once, found without a network, moved by changes; a lock that knows its last PIN."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from contract.catalogue import Catalogue, Category, Product
from contract.gs1 import check_digit
from contract.money import Money
from contract.sign_in import Staff
from services.errors import Offline
from services.lock import Lock
from services.shelf import Shelf
from services.shelf_file import ShelfFile
from services.till import is_contact

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
LEO = Staff(
    staff_id="leo",
    name="Leo",
    role="cashier",
    store_id="centro",
    store_name="Centro",
    currency="BRL",
    timezone="America/Sao_Paulo",
    programme_name="Aurora",
    staff_number="1001",
)

RICE = Product(
    gtin="07891000100103",
    name="Arroz",
    category="food",
    brand="Casa",
    tags=[],
    price=Money(amount=2899, currency="BRL"),
)
GUM = Product(gtin="00000096385074", name="Chiclete", category="food", brand="", tags=[], price=None)
FOOD = Category(path="food", names={"en": "Food", "pt-BR": "Alimentos"})


class Api:
    """Answers with what it was given, in turn; then it is gone."""

    def __init__(self, *pages: Catalogue, enough: int = 1) -> None:
        self.pages, self.asked = list(pages), []
        self.enough, self._often = asyncio.Event(), enough

    async def catalogue(self, since: int, after: str, epoch: str) -> Catalogue:
        self.asked.append((since, after))
        if len(self.asked) == self._often:
            self.enough.set()
        if not self.pages:
            raise Offline("cut")
        return self.pages.pop(0)


def page(version: int, *products: Product, **more: Any) -> Catalogue:
    given = {"full": False, "removed": [], "epoch": "e1", "categories": [FOOD], "tags": ["organic"]} | more
    return Catalogue(version=version, products=list(products), **given)


@asynccontextmanager
async def shelf(folder: Path, *pages: Catalogue, asked: int = 1) -> AsyncIterator[tuple[Shelf, Api]]:
    """A till's shelf that has asked so often, and heard no answer to the last where there were not so many pages."""
    api = Api(*pages, enough=asked)
    opened = Shelf(api, lambda: NOW)  # type: ignore[arg-type]
    news = asyncio.Event()

    async def changed() -> None:
        news.set()

    await opened.enter(LEO, folder, changed)
    try:
        async with asyncio.timeout(10):
            await api.enough.wait()
            if pages and not pages[-1].more:
                await news.wait()
        yield opened, api
    finally:
        await opened.leave()


async def test_a_till_finds_products_after_a_restart_without_a_network(tmp_path):
    async with shelf(tmp_path, page(1, GUM, full=True, more=True), page(1, RICE), asked=2) as (_, api):
        assert api.asked == [(0, ""), (0, GUM.gtin)]
    async with shelf(tmp_path) as (again, _):
        assert again.find("7891000100103").product == RICE
        assert again.find("010789100010010317261231\x1d10L1").product == RICE
        assert again.find("96385074").shown == "96385074"
        assert again.find("4006381333931").product is None
        assert again.find("KIERTO9434848852011873595") is None
        assert [each.name("pt-BR") for each in again.categories] == ["Alimentos"]
        assert [each.name for each in again.products("casa arr")] == ["Arroz"]
        assert (len(again), again.version, again.tags, again.at) == (2, 1, ("organic",), NOW)


async def test_only_changes_are_fetched(tmp_path):
    dearer = RICE.model_copy(update={"price": Money(amount=3099, currency="BRL")})
    async with shelf(tmp_path, page(1, GUM, RICE, full=True)):
        pass
    async with shelf(tmp_path, page(3, dearer, removed=[GUM.gtin])) as (again, api):
        assert api.asked == [(1, "")]
        assert (len(again), again.version, again.find(RICE.gtin).product) == (1, 3, dearer)


async def test_a_fetch_that_was_cut_goes_on_where_it_was_and_misses_nothing_that_changed_meanwhile(tmp_path):
    async with shelf(tmp_path, page(4, GUM, full=True, more=True, categories=[], tags=[]), asked=2) as (first, _):
        assert (first.version, first.find(GUM.gtin).product) == (0, GUM), "what has come is found at once"
    async with shelf(tmp_path, page(5, RICE)) as (again, api):
        assert api.asked == [(0, GUM.gtin)]
        assert (len(again), again.version) == (2, 4), "of the first page's version: the next question brings the rest"


async def test_what_is_no_longer_there_goes_with_a_fetch_of_all_and_not_before_it_has_ended(tmp_path):
    async with shelf(tmp_path, page(4, GUM, RICE, full=True)):
        pass
    all_anew = page(1, RICE, full=True, epoch="e2")
    async with shelf(tmp_path, page(1, full=True, more=True, epoch="e2", removed=["0" * 14]), asked=2) as (cut, _):
        assert cut.find(GUM.gtin).product == GUM
    async with shelf(tmp_path, page(1, epoch="e3"), all_anew, asked=2) as (again, api):
        assert api.asked == [(0, "0" * 14), (0, "")], "of a third database: from the beginning"
        assert (again.find(GUM.gtin).product, again.find(RICE.gtin).product, len(again)) == (None, RICE, 1)


async def test_a_hundred_thousand_products_open_at_once_and_are_found_at_once(tmp_path):
    file = await ShelfFile.open(ShelfFile.path_for(tmp_path, LEO.programme_name, LEO.store_id))
    numbers = [f"{n:013d}{check_digit(f'{n:013d}')}" for n in range(100_000)]
    row = ("Pão", "bakery", "", "[]", 100, "BRL", "pão", 0)
    await file._run(
        lambda db: db.executemany("insert into product values (?,?,?,?,?,?,?,?,?)", [(n, *row) for n in numbers])
    )
    await file.close()
    begun = time.perf_counter()
    async with shelf(tmp_path) as (opened, _):
        found = [opened.find(number).product for number in numbers[:: len(numbers) // 100]]
    assert all(found)
    assert len(opened) == 0, "closed"
    assert time.perf_counter() - begun < 2, "a start and a hundred scans"


async def test_a_catalogue_that_cannot_be_read_is_fetched_anew(tmp_path):
    async with shelf(tmp_path, page(1, GUM, RICE, full=True)):
        pass
    file = next(tmp_path.glob("till-shelf-*.db"))
    file.write_bytes(b"x" * 4096)
    async with shelf(tmp_path, page(1, RICE, full=True)) as (again, api):
        assert api.asked[0] == (0, "")
        assert again.find(RICE.gtin).product == RICE


async def test_a_lock_opens_for_the_last_pin_and_not_for_a_guesser():
    lock = Lock()
    assert not await lock.fits("1001", "2468")
    await lock.learn("1001", "2468")
    assert await lock.fits("1001", "2468")
    for guess in ("0000", "0001", "0002", "0003", "0004"):
        assert not await lock.fits("1001", guess)
    assert not await lock.fits("1001", "2468")


def test_a_contact_is_told_from_a_member_code():
    assert all(map(is_contact, ("ana@example.com", "+55 11 91234-5678", "0055 11 91234 5678")))
    assert not any(map(is_contact, ("4821903117550218369", "0021903117550218369", "KIERTO4821903117550218369")))
