"""The catalogue on a till: fetched once, found without a network, moved by changes; a lock that knows its last PIN."""

from __future__ import annotations

from contract.catalogue import Catalogue, Category, Product
from contract.money import Money
from services.errors import Offline
from services.lock import Lock
from services.remembered import Cache
from services.shelf import Shelf
from services.till import is_contact

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
    """Answers with what it was given, in turn."""

    def __init__(self, *pages: Catalogue) -> None:
        self.pages, self.asked = list(pages), []

    async def catalogue(self, since: int, after: str) -> Catalogue:
        self.asked.append((since, after))
        if not self.pages:
            raise Offline("cut")
        return self.pages.pop(0)


def page(version: int, *products: Product, full: bool = False, removed: tuple[str, ...] = (), more: bool = False):
    return Catalogue(
        version=version,
        full=full,
        products=list(products),
        removed=list(removed),
        categories=[FOOD],
        tags=["organic"],
        more=more,
    )


async def test_a_till_finds_products_after_a_restart_without_a_network(tmp_path):
    cache = await Cache.open(tmp_path / "a.sqlite3")
    api = Api(page(1, GUM, full=True, more=True), page(1, RICE))
    shelf = Shelf(api, lambda: cache)
    await shelf.refresh()
    assert api.asked == [(0, ""), (0, GUM.gtin)]
    again = Shelf(Api(), lambda: cache)
    await again.load()
    assert again.find("7891000100103").product == RICE
    assert again.find("96385074").shown == "96385074"
    assert again.find("4006381333931").product is None
    assert again.find("KIERTO9434848852011873595") is None
    assert [each.name("pt-BR") for each in again.categories] == ["Alimentos"]
    assert [each.name for each in again.products("casa arr")] == ["Arroz"]
    await cache.close()


async def test_only_changes_are_fetched(tmp_path):
    cache = await Cache.open(tmp_path / "a.sqlite3")
    dearer = RICE.model_copy(update={"price": Money(amount=3099, currency="BRL")})
    api = Api(page(1, GUM, RICE, full=True), page(3, dearer, removed=(GUM.gtin,)))
    shelf = Shelf(api, lambda: cache)
    await shelf.refresh()
    await shelf.refresh()
    assert api.asked[-1] == (1, "")
    assert (len(shelf), shelf.version, shelf.find(RICE.gtin).product) == (1, 3, dearer)
    await cache.close()


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
