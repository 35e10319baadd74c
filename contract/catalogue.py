"""The catalogue: products by their code, and the categories that a cashier chooses from."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from contract.base import Answer, Message
from contract.imports import RefusedRow
from contract.money import Money

COLUMNS = ("code", "name", "category", "brand", "tags", "price")
REQUIRED = ("code", "name")


class Product(Answer):
    """One product. `gtin` has 14 digits, whatever its code has."""

    gtin: str
    name: str
    category: str
    brand: str
    tags: list[str]
    price: Money | None = Field(description="For one piece; null where it is weighed, or asked for.")


class Category(Answer):
    """A category by its path, as campaigns name it, with what it is called in each language."""

    path: str
    names: dict[str, str]
    icon: str = Field(default="", description="A picture's plain name, such as `bakery`; may be empty.")

    def name(self, language: str) -> str:
        """Its name in a language, else in English, else the last word of its path."""
        plain = self.names.get(language) or self.names.get(language.partition("-")[0]) or self.names.get("en")
        return plain or self.path.rsplit("/", 1)[-1].capitalize()


class Catalogue(Answer):
    """`GET /v1/till/catalogue?since=`: all of it, or what has changed since a version that a till holds.

    With `full` a till replaces all that it has. `removed` names what is gone. While `more`, call again with the same
    `since` (0 after `full`) and the last code as `after`; keep the version of the first page, the rest of the last.
    """

    version: int
    epoch: str = Field(default="", description="Another one names another database: then all is sent anew.")
    full: bool
    products: list[Product]
    removed: list[str]
    categories: list[Category] = Field(description="With the last page.")
    tags: list[str] = Field(description="Tags that a cashier may choose for a line typed by hand. With the last page.")
    more: bool = False


class CategoryInput(Message):
    """A category as a manager sets it."""

    path: Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[a-z0-9][a-z0-9/_-]*$")]
    names: Annotated[dict[str, Annotated[str, Field(min_length=1, max_length=60)]], Field(min_length=1, max_length=20)]
    icon: Annotated[str, Field(max_length=40, pattern=r"^[a-z_]*$")] = ""


class CategoryList(Message):
    """All categories, in the order in which a till shows them."""

    items: Annotated[list[CategoryInput], Field(max_length=60)]


class CatalogueReport(Answer):
    """What came of a file of products."""

    added: int
    changed: int
    same: int
    removed: int
    rows_refused: int
    refused: list[RefusedRow]
    version: int
