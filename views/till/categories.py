"""The categories that a cashier chooses from, as paths that campaigns name."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft

from services.shelf import Shelf
from services.texts import Texts


@dataclass(frozen=True, slots=True)
class Category:
    """A category by its path, with its picture."""

    path: str
    icon: ft.IconData


CATEGORIES = (
    Category("food", ft.Icons.LOCAL_DINING),
    Category("food/fruit", ft.Icons.SPA_OUTLINED),
    Category("bakery", ft.Icons.BAKERY_DINING_OUTLINED),
    Category("drinks", ft.Icons.LOCAL_CAFE_OUTLINED),
    Category("household", ft.Icons.CLEANING_SERVICES_OUTLINED),
    Category("electronics", ft.Icons.DEVICES_OTHER),
    Category("giftcard", ft.Icons.CARD_GIFTCARD),
    Category("delivery", ft.Icons.LOCAL_SHIPPING_OUTLINED),
)
TAGS = ("organic", "local")


_PICTURES = {
    "restaurant": ft.Icons.LOCAL_DINING,
    "spa": ft.Icons.SPA_OUTLINED,
    "bakery": ft.Icons.BAKERY_DINING_OUTLINED,
    "cafe": ft.Icons.LOCAL_CAFE_OUTLINED,
    "cleaning": ft.Icons.CLEANING_SERVICES_OUTLINED,
    "devices": ft.Icons.DEVICES_OTHER,
    "gift": ft.Icons.CARD_GIFTCARD,
    "delivery": ft.Icons.LOCAL_SHIPPING_OUTLINED,
    "bar": ft.Icons.WINE_BAR_OUTLINED,
    "clothes": ft.Icons.CHECKROOM,
    "flower": ft.Icons.LOCAL_FLORIST_OUTLINED,
    "pets": ft.Icons.PETS,
    "health": ft.Icons.LOCAL_PHARMACY_OUTLINED,
    "book": ft.Icons.MENU_BOOK_OUTLINED,
}
"""Pictures that a programme may name for its categories."""


def categories_of(shelf: Shelf) -> tuple[Category, ...]:
    """The programme's categories; until a till has them, those that any shop has."""
    known = {each.path: each.icon for each in CATEGORIES}
    own = tuple(
        Category(each.path, _PICTURES.get(each.icon) or known.get(each.path, ft.Icons.SHOPPING_BASKET_OUTLINED))
        for each in shelf.categories
    )
    return own or CATEGORIES


def category_name(texts: Texts, path: str, shelf: Shelf | None = None) -> str:
    """What a category is called: by the programme, else by us, else by the last word of its path."""
    own = next((each for each in shelf.categories if each.path == path), None) if shelf is not None else None
    if own is not None and own.names:
        return own.name(texts.language)
    names = {
        "food": texts.t("Food"),
        "food/fruit": texts.t("Fruit"),
        "bakery": texts.t("Bakery"),
        "drinks": texts.t("Drinks"),
        "household": texts.t("Household"),
        "electronics": texts.t("Electronics"),
        "giftcard": texts.t("Gift card"),
        "delivery": texts.t("Delivery"),
    }
    return names.get(path) or path.rsplit("/", 1)[-1].capitalize()


def tag_name(texts: Texts, tag: str) -> str:
    """What a tag is called."""
    return {"organic": texts.t("Organic"), "local": texts.t("Local")}.get(tag, tag)


def icon_of(path: str) -> ft.IconData:
    """The picture of a category, or of a basket."""
    return next((known.icon for known in CATEGORIES if known.path == path), ft.Icons.SHOPPING_BASKET_OUTLINED)
