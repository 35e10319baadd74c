"""The demo's catalogue: what its shoppers buy, some more, and the categories in six languages."""

from __future__ import annotations

from uuid import UUID

from api.catalogue import repository
from api.database.pool import Connection
from api.demo.seed_products import BLENDER, HEADPHONES, PRODUCTS, Product
from contract import gs1

MORE = (
    Product("789100020015", "Chá mate gelado, 1 l", "drinks", 690, 0),
    Product("789100020016", "Café gelado orgânico, 250 ml", "drinks", 990, 0, tags="organic"),
    Product("789100030015", "Água sanitária, 1 l", "household", 449, 0),
    Product("789100030016", "Saco de lixo, 30 unidades", "household", 899, 0),
    Product("789100030017", "Pilha alcalina AA, 4 unidades", "electronics", 2490, 0),
    Product("789100040030", "Lâmpada LED 9 W", "electronics", 1290, 0),
    Product("789100040031", "Carregador USB-C", "electronics", 4990, 0),
    Product("789100010094", "Granola orgânica, 300 g", "food", 1990, 0, tags="organic"),
    Product("789100010095", "Mel silvestre, 300 g", "food", 2490, 0, tags="local"),
    Product("789100010096", "Goiabada cascão, 400 g", "food", 1190, 0, tags="local"),
    Product("789100010097", "Pipoca, 500 g", "food", 590, 0),
    Product("200000000018", "Limão taiti, 1 kg", "food/fruit", 599, 0),
)
"""Twelve digits each: the check digit is worked out."""
_CATEGORIES = (
    ("food", "restaurant", ("Food", "Alimentos", "Ruoka", "Mad", "Makanan", "Продукты")),
    ("food/fruit", "spa", ("Fruit", "Frutas", "Hedelmät", "Frugt", "Buah", "Фрукты")),
    ("bakery", "bakery", ("Bakery", "Padaria", "Leipomo", "Bageri", "Roti", "Выпечка")),
    ("drinks", "cafe", ("Drinks", "Bebidas", "Juomat", "Drikkevarer", "Minuman", "Напитки")),
    ("household", "cleaning", ("Household", "Casa", "Koti", "Husholdning", "Rumah tangga", "Для дома")),
    ("electronics", "devices", ("Electronics", "Eletrônicos", "Elektroniikka", "Elektronik", "Elektronik", "Техника")),
    ("giftcard", "gift", ("Gift card", "Vale-presente", "Lahjakortti", "Gavekort", "Kartu hadiah", "Подарочная карта")),
    ("delivery", "delivery", ("Delivery", "Entrega", "Toimitus", "Levering", "Pengiriman", "Доставка")),
)
_LANGUAGES = ("en", "pt-BR", "fi", "da", "id", "ru")


async def fill_catalogue(connection: Connection, programme_id: UUID) -> None:
    """Put the products and the categories in, once. Runs inside the caller's transaction."""
    if await repository.version(connection, programme_id):
        return
    number = await repository.next_version(connection, programme_id)
    known = [(gs1.gtin(each.sku), each) for each in (*PRODUCTS, HEADPHONES, BLENDER)]
    known += [(gs1.gtin(each.sku + gs1.check_digit(each.sku)), each) for each in MORE]
    rows = [(code, each.name, each.category, "", each.tags, each.price) for code, each in known]
    await repository.store(connection, programme_id, rows, number)
    named = [
        (path, dict(zip(_LANGUAGES, names, strict=True)), icon, place)
        for place, (path, icon, names) in enumerate(_CATEGORIES)
    ]
    await repository.set_categories(connection, programme_id, named)
