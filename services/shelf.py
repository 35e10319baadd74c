"""The catalogue on this device: fetched once, then its changes; products are found without a network."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from pydantic import ValidationError

from contract import gs1
from contract.catalogue import Catalogue, Category, Product
from contract.gs1 import NoProductCode, ScannedProduct
from services.cache import CacheClosed
from services.gateway import Gateway
from services.remembered import Cache

_NAME = "catalogue"
_EMPTY = Catalogue(version=0, full=True, products=[], removed=[], categories=[], tags=[])
_MOST_PAGES = 100


@dataclass(frozen=True, slots=True)
class Scanned:
    """A product code that was read: what it says, and the product, when the catalogue has it."""

    code: ScannedProduct
    product: Product | None

    @property
    def shown(self) -> str:
        """The code as it is printed on the product."""
        return gs1.short(self.code.gtin)


class Shelf:
    """What the shop sells."""

    def __init__(self, gateway: Gateway, cache: Callable[[], Cache | None]) -> None:
        self._gateway = gateway
        self._cache = cache
        self._of: Cache | None = None
        self._held = _EMPTY
        self._products: dict[str, Product] = {}

    @property
    def categories(self) -> tuple[Category, ...]:
        """The categories in the programme's order; none before the first fetch."""
        return tuple(self._held.categories)

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that a line may have."""
        return tuple(self._held.tags)

    @property
    def version(self) -> int:
        """The catalogue's version on this device; 0 before the first fetch."""
        return self._held.version

    def __len__(self) -> int:
        return len(self._products)

    def products(self, text: str, most: int = 50) -> list[Product]:
        """Products whose name, brand or code has all words of a text, by name."""
        words = text.lower().split()
        found = [
            each
            for each in self._products.values()
            if all(word in f"{each.name} {each.brand} {each.gtin}".lower() for word in words)
        ]
        return sorted(found, key=lambda each: each.name.lower())[:most]

    def find(self, text: str) -> Scanned | None:
        """What a scanned text says of a product; None when it is no product code."""
        try:
            code = gs1.parse(text)
        except NoProductCode:
            return None
        return Scanned(code, self._products.get(code.gtin))

    async def load(self) -> None:
        """Take up what this device kept."""
        cache = self._cache()
        if cache is None or cache is self._of:
            return
        with suppress(CacheClosed):
            text = await cache.draft(_NAME)
            self._of = cache
            try:
                self._take(_EMPTY if text is None else Catalogue.model_validate_json(text))
            except ValidationError:  # of an older app
                self._take(_EMPTY)

    async def refresh(self) -> None:
        """Fetch what has changed, and keep it. Raises Refused or Offline; what was held stays."""
        await self.load()
        cache = self._cache()
        if cache is None:
            return
        since, after = self._held.version, ""
        products = dict(self._products)
        for _ in range(_MOST_PAGES):
            page = await self._gateway.catalogue(since, after)
            if page.full:
                products = {}
            products |= {each.gtin: each for each in page.products}
            for gone in page.removed:
                products.pop(gone, None)
            if not page.more:
                break
            after = max([*(each.gtin for each in page.products), *page.removed])
        news = page.model_copy(update={"products": list(products.values()), "removed": [], "full": True, "more": False})
        if news == self._held:
            return
        self._take(news)
        with suppress(CacheClosed):
            await cache.draft_keep(_NAME, news.model_dump_json())

    def _take(self, catalogue: Catalogue) -> None:
        self._held = catalogue
        self._products = {each.gtin: each for each in catalogue.products}
