"""The statement as a file: a PDF to read, a CSV to count with."""

from __future__ import annotations

from typing import Literal

import flet as ft

from services.periods import Period
from views.commands import use_command
from views.downloads import hand_over
from views.session import use_client, use_texts
from views.tokens import Space
from views.ui.buttons import secondary
from views.ui.notices import error_notice


@ft.component
def Files(period: Period) -> ft.Control:
    """Two buttons, one for each file; the browser keeps what they bring."""
    client, texts = use_client(), use_texts()

    async def bring(kind: Literal["pdf", "csv"]) -> None:
        content = await client.books.statement_file(period, kind, texts.language)
        last = period.last_day(texts.timezone)
        await hand_over(f"kierto-{period.since:%Y-%m-%d}-{last:%Y-%m-%d}.{kind}", content)

    pdf, csv = use_command(bring), use_command(bring)

    async def bring_pdf() -> None:
        await pdf.run("pdf")

    async def bring_csv() -> None:
        await csv.run("csv")

    buttons = ft.Row(
        [
            secondary(texts.t("Download PDF"), bring_pdf, icon=ft.Icons.PICTURE_AS_PDF_OUTLINED, busy=pdf.busy),
            secondary(texts.t("Download CSV"), bring_csv, icon=ft.Icons.TABLE_ROWS_OUTLINED, busy=csv.busy),
        ],
        spacing=Space.S,
        run_spacing=Space.S,
        wrap=True,
    )
    return ft.Column([buttons, *error_notice(texts, pdf.problem or csv.problem)], spacing=Space.S, tight=True)
