"""One shift: its totals by cashier and till, and what explains a difference."""

from __future__ import annotations

import flet as ft

from contract.shifts import LateReceipt, ShiftPart, ShiftReport
from services.texts import Texts
from views.commands import use_command
from views.downloads import hand_over
from views.hooks import use_value
from views.session import use_client, use_task, use_texts, use_width
from views.till.parts import figure
from views.till.totals import totals_card
from views.tokens import Color, Space
from views.ui import layout, skeleton
from views.ui.buttons import quiet, secondary
from views.ui.cards import card, divider
from views.ui.notices import error_notice, notice
from views.ui.rows import row, section
from views.ui.words import caption, title


@ft.component
def ShiftDetail() -> ft.Control:
    """A shift of this store, open or closed."""
    client, texts, width = use_client(), use_texts(), use_width()
    shift_id = ft.use_route_params().get("id", "")
    nothing: ShiftReport | None = None
    shift, set_shift = use_value(nothing)

    async def read() -> None:
        set_shift(await client.shop.shift(shift_id))

    async def take_along() -> None:
        opened = f"{shift.opened_at:%Y-%m-%d}" if shift is not None else shift_id
        await hand_over(f"kierto-shift-{opened}.csv", await client.shop.shift_file(shift_id))

    load, export = use_command(read), use_command(take_along)

    async def first() -> None:
        await load.run()

    use_task(first, [shift_id])
    if shift is None:
        waiting = [skeleton.rows(texts)]
        if load.problem is not None:
            waiting = error_notice(texts, load.problem, quiet(texts.t("Try again"), load.run))
        return layout.page(waiting, width)
    parts: list[ft.Control] = [
        title(texts.t("{date} at {time}", date=texts.date(shift.opened_at), time=texts.time(shift.opened_at)), level=1),
        caption(_hours(texts, shift)),
        totals_card(texts, shift.totals),
        *_difference(texts, shift),
        *_parts(texts, texts.t("By cashier"), shift.cashiers),
        *_parts(texts, texts.t("By till"), shift.tills),
        *_late(texts, shift.late),
        *error_notice(texts, export.problem),
        ft.Row(
            [secondary(texts.t("Save as CSV"), export.run, busy=export.busy, icon=ft.Icons.DOWNLOAD_OUTLINED)],
            alignment=ft.MainAxisAlignment.START,
        ),
    ]
    return layout.page(parts, width)


def _hours(texts: Texts, shift: ShiftReport) -> str:
    opened = texts.t("Opened by {name}", name=shift.opened_by)
    if shift.closed_at is None:
        return f"{opened} · {texts.t('still open')}"
    when = texts.t("{date} at {time}", date=texts.date(shift.closed_at), time=texts.time(shift.closed_at))
    return f"{opened} · {texts.t('closed by {name}, {when}', name=shift.closed_by, when=when)}"


def _difference(texts: Texts, shift: ShiftReport) -> list[ft.Control]:
    """What was counted at closing, and by the shop's own till, beside what there is now."""
    rows: list[ft.Control] = []
    if shift.closing is not None and shift.closing != shift.totals:
        more = shift.totals.sold - shift.closing.sold
        count = shift.totals.receipts - shift.closing.receipts
        rows.append(
            notice(
                texts.n(
                    "{n} receipt came after closing: {amount}.",
                    "{n} receipts came after closing: {amount}.",
                    count,
                    amount=texts.money(more),
                ),
                icon=ft.Icons.MORE_TIME,
                live=False,
            )
        )
    if shift.counted is not None:
        off = shift.totals.sold.amount - shift.counted.sold
        counted = shift.totals.sold.model_copy(update={"amount": shift.counted.sold})
        rows.append(figure(texts.t("Your own till counted"), texts.money(counted)))
        if off:
            apart = shift.totals.sold.model_copy(update={"amount": off})
            rows.append(figure(texts.t("Difference"), texts.money(apart, signed=True), tone=Color.ERROR))
            others = texts.t("Sales to people who are not members are not counted here.")
            rows.append(caption(others))
        else:
            rows.append(caption(texts.t("It is the same here.")))
    if shift.note:
        rows.append(caption(texts.t("Note: {note}", note=shift.note)))
    return [card(ft.Column(rows, spacing=Space.M, tight=True))] if rows else []


def _parts(texts: Texts, name: str, parts: list[ShiftPart]) -> list[ft.Control]:
    if not parts:
        return []
    rows: list[ft.Control] = []
    for part in parts:
        said = [
            texts.n("{n} receipt", "{n} receipts", part.totals.receipts),
            texts.t("earned {amount}", amount=texts.money(part.totals.earned)),
        ]
        if part.totals.spent:
            said.append(texts.t("spent {amount}", amount=texts.money(part.totals.spent)))
        if part.totals.refunds:
            said.append(texts.t("took back {amount}", amount=texts.money(part.totals.refunded)))
        rows += [
            row(part.name, " · ".join(said), trailing=title(texts.money(part.totals.sold), level=4)),
            divider(),
        ]
    return [section(name), card(ft.Column(rows[:-1], spacing=Space.NONE, tight=True), padding=Space.XS)]


def _late(texts: Texts, late: list[LateReceipt]) -> list[ft.Control]:
    if not late:
        return []
    rows = [
        row(
            each.receipt_number,
            texts.t(
                "bought {time}, arrived {date} at {later}",
                time=texts.time(each.at),
                date=texts.date(each.recorded_at),
                later=texts.time(each.recorded_at),
            ),
            icon=ft.Icons.MORE_TIME if each.after_closing else ft.Icons.CLOUD_OFF_OUTLINED,
            trailing=title(texts.money(each.total), level=4),
        )
        for each in late
    ]
    said = caption(texts.t("These were sold without a network and sent later."))
    return [section(texts.t("Came late")), said, card(ft.Column(rows, spacing=0, tight=True), padding=Space.XS)]
