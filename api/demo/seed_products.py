"""What the demo's shoppers buy: everyday products of a Brazilian supermarket, made up; prices in centavos."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Product:
    """One product; `often` weighs how often it lands in a basket, `most` is the most pieces in one."""

    sku: str
    name: str
    category: str
    price: int
    often: int
    most: int = 1
    tags: str = ""


PRODUCTS = (
    Product("7891000100103", "Arroz branco tipo 1, 5 kg", "food", 2899, 4),
    Product("7891000100110", "Arroz integral orgânico, 1 kg", "food", 1190, 2, 2, "organic"),
    Product("7891000100202", "Feijão carioca, 1 kg", "food", 849, 6, 2),
    Product("7891000100219", "Feijão preto orgânico, 500 g", "food", 990, 2, 2, "organic"),
    Product("7891000100301", "Açúcar cristal, 1 kg", "food", 479, 3, 2),
    Product("7891000100400", "Café torrado e moído, 500 g", "food", 1799, 7, 2),
    Product("7891000100417", "Café orgânico da serra, 250 g", "food", 2290, 2, 1, "organic;local"),
    Product("7891000100509", "Óleo de soja, 900 ml", "food", 729, 4, 2),
    Product("7891000100516", "Azeite extra virgem, 500 ml", "food", 3890, 2),
    Product("7891000100608", "Macarrão espaguete, 500 g", "food", 459, 5, 3),
    Product("7891000100615", "Molho de tomate, 340 g", "food", 329, 5, 4),
    Product("7891000100707", "Leite integral, 1 l", "food", 549, 10, 6),
    Product("7891000100714", "Iogurte natural orgânico, 500 g", "food", 1290, 3, 2, "organic;local"),
    Product("7891000100721", "Manteiga com sal, 200 g", "food", 1249, 4),
    Product("7891000100738", "Queijo minas frescal, 400 g", "food", 1890, 5, 1, "local"),
    Product("7891000100745", "Requeijão cremoso, 200 g", "food", 899, 4),
    Product("7891000100806", "Ovos caipiras, dúzia", "food", 1590, 6, 1, "local"),
    Product("7891000100813", "Peito de frango, 1 kg", "food", 2190, 5, 2),
    Product("7891000100820", "Patinho moído, 500 g", "food", 2249, 4, 2),
    Product("7891000100837", "Filé de tilápia, 400 g", "food", 2690, 2, 2),
    Product("7891000100905", "Farinha de mandioca, 500 g", "food", 690, 2, 1, "local"),
    Product("7891000100912", "Castanha do Pará, 150 g", "food", 2490, 1, 1, "organic"),
    Product("7891000100929", "Chocolate amargo 70 %, 90 g", "food", 1390, 3, 2),
    Product("2000000000107", "Banana prata, 1 kg", "food/fruit", 699, 9, 2),
    Product("2000000000114", "Banana prata orgânica, 1 kg", "food/fruit", 999, 4, 2, "organic;local"),
    Product("2000000000121", "Mamão papaia, unidade", "food/fruit", 749, 5, 2),
    Product("2000000000138", "Manga Palmer, 1 kg", "food/fruit", 899, 4, 2),
    Product("2000000000145", "Laranja pera, 3 kg", "food/fruit", 1299, 4),
    Product("2000000000152", "Abacate, unidade", "food/fruit", 690, 3, 2, "local"),
    Product("2000000000169", "Morango orgânico, 250 g", "food/fruit", 1490, 3, 2, "organic"),
    Product("2000000000176", "Tomate italiano, 1 kg", "food/fruit", 949, 6, 2),
    Product("2000000000206", "Pão francês, 500 g", "bakery", 990, 9, 2),
    Product("2000000000213", "Pão de queijo, 400 g", "bakery", 1490, 6, 2),
    Product("2000000000220", "Pão de fermentação natural", "bakery", 2190, 3, 1, "local"),
    Product("2000000000237", "Bolo de fubá, 450 g", "bakery", 1790, 3),
    Product("2000000000244", "Broa de milho, 300 g", "bakery", 1150, 2, 2),
    Product("7891000200100", "Água de coco, 1 l", "drinks", 1099, 4, 3),
    Product("7891000200117", "Suco de uva integral orgânico, 1 l", "drinks", 1890, 3, 2, "organic"),
    Product("7891000200124", "Guaraná, 2 l", "drinks", 899, 4, 2),
    Product("7891000200131", "Água mineral com gás, 1,5 l", "drinks", 379, 4, 4),
    Product("7891000200148", "Cerveja artesanal, 500 ml", "drinks", 1690, 2, 4, "local"),
    Product("7891000300107", "Sabão em pó, 1,6 kg", "household", 2490, 3),
    Product("7891000300114", "Detergente neutro, 500 ml", "household", 289, 4, 3),
    Product("7891000300121", "Papel higiênico, 12 rolos", "household", 2190, 4),
    Product("7891000300138", "Esponja multiuso, 3 unidades", "household", 599, 3),
    Product("7891000300145", "Amaciante, 2 l", "household", 1690, 2),
)
DELIVERY = Product("9000000000011", "Entrega em casa", "delivery", 990, 0)
HEADPHONES = Product("7891000400104", "Fone de ouvido sem fio", "electronics", 18990, 0)
BLENDER = Product("7891000400203", "Liquidificador 800 W", "household", 15990, 0)
"""The one that comes back."""
