"""The categories that a cashier chooses from, as paths that campaigns name."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft

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


def category_name(texts: Texts, path: str) -> str:
    """What a category is called; an unknown one by the last word of its path."""
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
