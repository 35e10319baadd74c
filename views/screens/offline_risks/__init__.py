"""What tills gave without a network: within which limit, by whom, and what it cost."""

from __future__ import annotations

import functools

import flet as ft

from contract.till_kit import OfflineRisk, OfflineRisks
from services.shop import WhichRisks
from services.texts import Texts
from views.commands import use_command
from views.downloads import hand_over
from views.hooks import use_value
from views.screens.offline_risks.receipt import receipt_card
from views.screens.offline_risks.sums import seller_card, sums_card
from views.session import Width, use_client, use_session, use_task, use_texts, use_width
from views.tokens import Space, edge
from views.ui import skeleton
from views.ui.buttons import quiet, secondary
from views.ui.choices import Choice, choices
from views.ui.empty import empty
from views.ui.listing import listing
from views.ui.notices import error_notice
from views.ui.rows import list_end, section

__all__ = ["Offline"]


@ft.component
def Offline() -> ft.Control:
    """What went other than it was told, or all that was spent; on a desktop beside the sums."""
    client, session, texts, width = use_client(), use_session(), use_texts(), use_width()
    which, set_which = use_value("problems")
    nothing: OfflineRisks | None = None
    page, set_page = use_value(nothing)
    items, set_items = use_value(tuple[OfflineRisk, ...]())

    async def read(after: str) -> None:
        found = await client.shop.offline_risks(_which(which), after or None)
        set_items((*(items if after else ()), *found.items))
        set_page(found)

    async def take_along() -> None:
        content = await client.shop.offline_risks_file("all")
        await hand_over(f"kierto-offline-{session.now():%Y-%m-%d}.csv", content)

    load, export = use_command(read), use_command(take_along)

    async def first() -> None:
        await load.run("")

    use_task(first, [which])
    if page is None:
        waiting = error_notice(texts, load.problem, quiet(texts.t("Try again"), first)) or [skeleton.rows(texts)]
        return listing(waiting, width)
    pills = choices(
        [Choice("problems", texts.t("To look at")), Choice("spent", texts.t("All that was spent"))], which, set_which
    )
    save = secondary(texts.t("Save as CSV"), export.run, busy=export.busy, icon=ft.Icons.DOWNLOAD_OUTLINED)
    about = [
        sums_card(texts, page),
        *([section(texts.t("By whom and where")), *(seller_card(texts, each) for each in page.sellers)]
          if page.sellers else []),
        *error_notice(texts, export.problem),
        ft.Row([save]),
    ]  # fmt: skip
    rows: list[ft.Control] = [receipt_card(texts, each) for each in items]
    if not items:
        rows = [empty("purchases", _nothing(texts, which))]
    elif page.next_cursor:
        more = functools.partial(load.run, page.next_cursor)
        rows.append(secondary(texts.t("Show more"), more, busy=load.busy))
    else:
        rows.append(list_end(texts.t("That is all.")))
    return _lie([pills, *error_notice(texts, load.problem), *rows], about, width)


def _lie(rows: list[ft.Control], about: list[ft.Control], width: Width) -> ft.Control:
    """The list, and what it adds up to: beside it where there is room, else above it."""
    if width != "expanded":
        return listing([*about[:1], *rows, *about[1:]], width)
    beside = ft.Column(
        about,
        spacing=Space.M,
        scroll=ft.ScrollMode.AUTO,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        expand=2,
    )
    return ft.Container(
        content=ft.Row(
            [ft.ListView(controls=rows, spacing=Space.M, expand=3), beside],
            spacing=Space.XXL,
            expand=True,
            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        padding=edge(True),
        expand=True,
    )


def _which(chosen: str) -> WhichRisks:
    return "spent" if chosen == "spent" else "problems"


def _nothing(texts: Texts, which: str) -> str:
    if which == "spent":
        return texts.t("Nothing was spent without a network.")
    return texts.t("Everything that was sold without a network came out as it was told.")
