"""The catalogue: what the tills scan from, and a file that brings it."""

from __future__ import annotations

import flet as ft

from contract import gs1
from contract.catalogue import CatalogueReport, Product
from services.shelf import Shelf
from services.texts import Texts
from views.commands import use_command
from views.hooks import use_value
from views.session import use_client, use_task, use_texts, use_width
from views.till.categories import category_name, tag_name
from views.tokens import Space
from views.ui.buttons import secondary
from views.ui.cards import card
from views.ui.empty import empty
from views.ui.field import Look, entry_field, use_entry_field
from views.ui.listing import listing
from views.ui.notices import error_notice, notice
from views.ui.rows import row
from views.ui.words import caption, label

_SEARCH = Look(icon=ft.Icons.SEARCH)
_SHOWN = 60


@ft.component
def CatalogueScreen() -> ft.Control:
    """Search the products; take a CSV file."""
    client, texts, width = use_client(), use_texts(), use_width()
    words, set_words = use_value("")
    _, set_version = use_value(client.shelf.version)
    nothing: CatalogueReport | None = None
    report, set_report = use_value(nothing)

    async def fetch() -> None:
        await client.shelf.refresh()
        set_version(client.shelf.version)

    async def take_file() -> None:
        chosen = await ft.FilePicker().pick_files(allowed_extensions=["csv"], with_data=True)
        if chosen and chosen[0].bytes:
            set_report(await client.shop.import_catalogue(chosen[0].bytes.decode("utf-8-sig", errors="replace")))
            await fetch()

    load, take = use_command(fetch), use_command(take_file)

    async def first() -> None:
        await load.run()

    use_task(first)
    search = use_entry_field(on_text=set_words)
    head: list[ft.Control] = [
        caption(texts.t("A CSV file with the columns code, name, category, brand, tags and price, in cents.")),
        ft.Row([secondary(texts.t("Take a file"), take.run, busy=take.busy, icon=ft.Icons.UPLOAD_FILE_OUTLINED)]),
        *error_notice(texts, take.problem or load.problem),
        *_report(texts, report),
        entry_field(search, texts.t("Search by name, brand or code"), look=_SEARCH),
    ]
    found = client.shelf.products(words, _SHOWN)
    if not found and not load.busy:
        said = texts.t("No product is like that.") if words else texts.t("The catalogue is empty. Take a file.")
        return listing([*head, empty("offers", said)], width)
    rows = [
        row(
            each.name,
            " · ".join(_said(texts, each, client.shelf)),
            icon=ft.Icons.INVENTORY_2_OUTLINED,
            trailing=label(texts.money(each.price)) if each.price is not None else None,
            key=each.gtin,
        )
        for each in found
    ]
    count = texts.n("{n} product", "{n} products", len(client.shelf))
    return listing([*head, caption(count), *rows], width, spacing=Space.S)


def _said(texts: Texts, product: Product, shelf: Shelf) -> list[str]:
    """A product's code, category, brand and tags, each as a cashier calls it."""
    category = [category_name(texts, product.category, shelf)] if product.category else []
    brand = [product.brand] if product.brand else []
    return [gs1.short(product.gtin), *category, *brand, *(tag_name(texts, tag) for tag in product.tags)]


def _report(texts: Texts, report: CatalogueReport | None) -> list[ft.Control]:
    if report is None:
        return []
    said = texts.t(
        "{added} added, {changed} changed, {same} the same.",
        added=report.added,
        changed=report.changed,
        same=report.same,
    )
    parts: list[ft.Control] = [notice(said, icon=ft.Icons.CHECK_CIRCLE_OUTLINE)]
    if report.rows_refused:
        rows: list[ft.Control] = [
            label(texts.n("{n} row was not taken", "{n} rows were not taken", report.rows_refused)),
            *(
                caption(
                    texts.t("Line {line}: {column} {reason}", line=each.line, column=each.column, reason=each.reason)
                )
                for each in report.refused[:20]
            ),
        ]
        parts.append(card(ft.Column(rows, spacing=Space.S, tight=True)))
    return parts
