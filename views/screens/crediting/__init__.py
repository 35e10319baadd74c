"""Cashback by hand: an amount, a reason, and a second person."""

from __future__ import annotations

import flet as ft

from contract.staff import Approval, Credit
from services.texts import Texts
from views.commands import use_command
from views.hooks import use_value
from views.session import go, use_client, use_session, use_texts, use_width
from views.state import use_slice
from views.till.approving import ApprovalBox
from views.till.parts import figure
from views.till.sale import parse_amount, use_sale
from views.tokens import Color, Size, Space
from views.ui import layout
from views.ui.buttons import primary, quiet
from views.ui.cards import card
from views.ui.field import Look, entry_field, use_entry_field
from views.ui.notices import error_notice, notice
from views.ui.words import body

_AMOUNT = Look(keyboard=ft.KeyboardType.NUMBER, icon=ft.Icons.PAYMENTS_OUTLINED)
_REASON = Look(icon=ft.Icons.NOTES)


@ft.component
def CreditByHand() -> ft.Control:
    """For the member at the till; only after a scan."""
    client, session, texts, width = use_client(), use_session(), use_texts(), use_width()
    sale = use_sale()
    staff = use_slice(session.store.who).staff
    currency = staff.currency if staff is not None else "EUR"
    wrong, set_wrong = use_value(False)
    nothing: Credit | None = None
    done, set_done = use_value(nothing)

    async def give(approval: Approval) -> None:
        value = parse_amount(amount.text, currency)
        set_wrong(value is None or len(reason.text.strip()) < 5)
        if value is not None and len(reason.text.strip()) >= 5:
            set_done(await client.shop.credit(sale.known_as, value, reason.text, approval))

    command = use_command(give)
    amount, reason = use_entry_field(), use_entry_field()
    back = quiet(texts.t("Back to the basket"), lambda: go("/till/basket"))
    if not sale.known_as:
        again = primary(texts.t("Scan a member first"), lambda: go("/till"), icon=ft.Icons.QR_CODE_SCANNER)
        return layout.page([again], width, most=Size.NARROW)
    if done is not None:
        return layout.page([_given(texts, done), back], width, most=Size.NARROW)
    ask = texts.t("{name} gets this at once. It is written down with your name and the reason.", name=sale.member_name)
    parts: list[ft.Control] = [
        body(ask),
        entry_field(amount, texts.t("Amount"), focus=True, look=_AMOUNT),
        entry_field(reason, texts.t("Reason"), look=_REASON),
        *([notice(texts.t("Type an amount, and a reason of at least five letters."))] if wrong else []),
        *error_notice(texts, command.problem),
        ApprovalBox(texts.t("Another supervisor or manager of this store approves it."), command.run, command.busy),
        back,
    ]
    return layout.page(parts, width, most=Size.NARROW)


def _given(texts: Texts, done: Credit) -> ft.Control:
    rows: list[ft.Control] = [
        figure(texts.t("Given"), texts.money(done.amount), strong=True),
        figure(texts.t("New balance"), texts.money(done.wallet.available), tone=Color.BRAND),
    ]
    return card(ft.Column(rows, spacing=Space.M, tight=True))
