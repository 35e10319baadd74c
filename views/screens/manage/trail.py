"""The audit trail: who did what, where and when."""

from __future__ import annotations

import functools
from datetime import datetime

import flet as ft

from contract.audit import AuditEntry
from contract.money import Money
from services.texts import Texts
from views.commands import use_command
from views.hooks import use_value
from views.screens.manage.evidence import evidence
from views.session import use_client, use_session, use_task, use_texts, use_width
from views.state import use_slice
from views.ui import skeleton
from views.ui.buttons import quiet, secondary
from views.ui.choices import Choice, choices
from views.ui.listing import listing
from views.ui.notices import error_notice
from views.ui.rows import list_end, row, section
from views.ui.words import title

_ICONS = {
    "identify": ft.Icons.QR_CODE_SCANNER,
    "purchase": ft.Icons.RECEIPT_LONG_OUTLINED,
    "refund": ft.Icons.UNDO,
    "credit": ft.Icons.VOLUNTEER_ACTIVISM_OUTLINED,
    "sign_in": ft.Icons.LOGIN,
    "sign_out": ft.Icons.LOGOUT,
    "switch": ft.Icons.SWITCH_ACCOUNT_OUTLINED,
    "settings": ft.Icons.TUNE,
    "rules": ft.Icons.PAYMENTS_OUTLINED,
    "review": ft.Icons.FLAG_OUTLINED,
    "catalogue": ft.Icons.INVENTORY_2_OUTLINED,
}


def _names(texts: Texts) -> dict[str, str]:
    return {
        "sign_in": texts.t("Signed in"),
        "sign_out": texts.t("Signed out"),
        "switch": texts.t("Took the till over"),
        "identify": texts.t("Scanned a member"),
        "new_member": texts.t("Added a member"),
        "purchase": texts.t("Sold"),
        "refund": texts.t("Took back"),
        "credit": texts.t("Gave cashback by hand"),
        "settings": texts.t("Changed the limits"),
        "rules": texts.t("Changed the limits of spending"),
        "review": texts.t("Decided a review"),
        "review_opened": texts.t("Looked unusual"),
        "staff_added": texts.t("Added staff"),
        "staff_changed": texts.t("Changed staff"),
        "account_linked": texts.t("Linked an account"),
        "account_unlinked": texts.t("Unlinked accounts"),
        "catalogue": texts.t("Changed the products"),
        "shift_opened": texts.t("Opened a shift"),
        "shift_closed": texts.t("Closed a shift"),
        "receipt_sent": texts.t("Sent a receipt"),
        "receipt_printed": texts.t("Printed a receipt"),
        "confirm_asked": texts.t("Asked a member to allow spending"),
        "confirm_allowed": texts.t("The member allowed spending"),
        "confirm_refused": texts.t("The member refused spending"),
        "confirm_withdrawn": texts.t("Took a request back"),
    }


@ft.component
def Trail() -> ft.Control:
    """The newest first, more on request, or one kind only."""
    client, session, texts, width = use_client(), use_session(), use_texts(), use_width()
    staff = use_slice(session.store.who).staff
    currency = staff.currency if staff is not None else "EUR"
    action, set_action = use_value("")
    none: tuple[AuditEntry, ...] | None = None
    items, set_items = use_value(none)
    cursor, set_cursor = use_value("")

    async def read(after: str) -> None:
        page = await client.shop.audit(action or None, after or None)
        set_items((*(items or ()), *page.items) if after else tuple(page.items))
        set_cursor(page.next_cursor or "")

    load = use_command(read)

    async def first() -> None:
        await load.run("")

    use_task(first, [action])
    names = _names(texts)
    kinds = ["", "purchase", "refund", "credit", "settings", "rules", "review", "staff_changed", "switch"]
    options = [Choice(kind, names.get(kind) or texts.t("All")) for kind in kinds]
    pills = choices(options, action, set_action, wrap=width != "compact")
    head: list[ft.Control] = [pills]
    if items is None:
        rest = [skeleton.rows(texts)]
        if load.problem is not None:
            rest = error_notice(texts, load.problem, quiet(texts.t("Try again"), first))
        return listing([*head, *rest], width)
    rows = _days(texts, names, items, currency, session.now())
    end = list_end(texts.t("That is all of the trail."))
    if cursor:
        more = secondary(texts.t("Show more"), functools.partial(load.run, cursor), busy=load.busy)
        end = ft.Row([more], alignment=ft.MainAxisAlignment.CENTER)
    return listing([*head, *error_notice(texts, load.problem), *rows, end], width, spacing=4)


def _days(
    texts: Texts, names: dict[str, str], items: tuple[AuditEntry, ...], currency: str, now: datetime
) -> list[ft.Control]:
    """The acts under a heading for each day."""
    parts: list[ft.Control] = []
    before = ""
    for each in items:
        day = texts.day_heading(each.at, now)
        if day != before:
            parts.append(section(day))
        parts.append(_entry(texts, names, each, currency))
        before = day
    return parts


def _entry(texts: Texts, names: dict[str, str], entry: AuditEntry, currency: str) -> ft.Control:
    who = [entry.staff_name, entry.member_name, entry.store_name]
    below = " · ".join(part for part in (texts.time(entry.at), *who, *evidence(texts, entry, currency)) if part)
    amount = entry.evidence.get("total", entry.evidence.get("amount"))
    trailing = title(texts.money(_money(amount, currency)), level=4) if isinstance(amount, int) else None
    icon = _ICONS.get(entry.action, ft.Icons.HISTORY)
    said = names.get(entry.action, texts.t("Something else"))
    return row(said, below, icon=icon, trailing=trailing, key=entry.entry_id)


def _money(amount: int, currency: str) -> Money:
    return Money(amount=amount, currency=currency)
