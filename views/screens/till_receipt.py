"""The receipt: what was earned and spent, the new balance, and the next customer by one key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import flet as ft

from contract.money import Money
from contract.wallet import Purchase, Receipt
from services.texts import Texts
from views.commands import use_command
from views.session import go, use_client, use_task, use_texts, use_width
from views.till.hooks import use_value
from views.till.keys import use_keys
from views.till.parts import figure, has_keyboard, with_key
from views.till.receipt_ways import ReceiptWays
from views.till.sale import use_sale
from views.till.thumb import at_the_thumb
from views.tokens import Color, Size, Space
from views.ui import layout, skeleton
from views.ui.buttons import primary, quiet
from views.ui.cards import card, divider
from views.ui.notices import error_notice
from views.ui.words import body, caption, display, title


@dataclass(frozen=True, slots=True)
class _Shown:
    """A receipt just posted, or one read again after a reload, which has no balance."""

    number: str
    member: str
    total: Money
    earned: Money
    redeemed: Money
    available_at: datetime | None
    expires_at: datetime | None
    balance: Money | None
    pending: Money | None
    debt: Money | None
    to_pay: Money
    points: Money | None
    points_redeemed: Money | None
    points_worth: Money | None


@ft.component
def TillReceipt() -> ft.Control:
    """Shown after a confirm. Enter is the next customer."""
    client, texts, width = use_client(), use_texts(), use_width()
    sale = use_sale()
    purchase_id = ft.use_route_params().get("id", "")
    nothing: Purchase | None = None
    read, set_read = use_value(nothing)
    load = use_command(client.till.purchase)

    async def look() -> None:
        if await load.run(purchase_id):
            set_read(load.result)

    def next_customer() -> None:
        sale.clear()
        go("/till")

    def key(name: str) -> None:
        if name in {"Enter", "Escape"}:
            next_customer()

    use_task(look, [purchase_id])
    use_keys(key)
    shown = _of(sale.receipt if isinstance(sale.receipt, Receipt) else None, read, purchase_id)
    if shown is None:
        if load.problem is not None:
            again = quiet(texts.t("Try again"), look)
            return layout.page(error_notice(texts, load.problem, again), width, most=Size.NARROW)
        return layout.page([skeleton.rows(texts)], width, most=Size.NARROW)
    keys = has_keyboard(ft.context.page)
    forward = primary(with_key(texts.t("Next customer"), "Enter", keys), next_customer, icon=ft.Icons.QR_CODE_SCANNER)
    back = quiet(texts.t("Take it back"), lambda: go(f"/till/refund/{purchase_id}"), icon=ft.Icons.UNDO)
    return at_the_thumb([*_paper(texts, shown), ReceiptWays(purchase_id), back], [forward], width, most=Size.NARROW)


def _of(receipt: Receipt | None, read: Purchase | None, purchase_id: str) -> _Shown | None:
    available_at = read.available_at if read is not None else None
    expires_at = read.expires_at if read is not None else None
    if receipt is not None and receipt.purchase_id == purchase_id:
        return _Shown(
            receipt.receipt_number,
            receipt.member_name,
            receipt.total,
            receipt.earned,
            receipt.redeemed,
            receipt.available_at or available_at,
            expires_at,
            receipt.wallet.available,
            receipt.wallet.pending,
            receipt.wallet.debt,
            receipt.to_pay,
            receipt.points,
            receipt.points_redeemed,
            receipt.points_worth,
        )
    if read is None:
        return None
    to_pay = read.total - read.redeemed
    return _Shown(
        read.receipt_number,
        "",
        read.total,
        read.earned,
        read.redeemed,
        available_at,
        expires_at,
        None,
        None,
        None,
        to_pay - read.points_worth if read.points_worth is not None else to_pay,
        read.points,
        read.points_redeemed,
        read.points_worth,
    )


def _paper(texts: Texts, shown: _Shown) -> list[ft.Control]:
    name = shown.member or texts.t("The member")
    gets = [each for each in (shown.earned, shown.points) if each]
    earned = " + ".join(texts.money(each) for each in gets) or texts.money(shown.earned)
    head = ft.Column(
        [
            ft.Icon(ft.Icons.CHECK_CIRCLE, color=Color.BRAND, size=Size.LOGO),
            caption(texts.t("To pay")),
            display(texts.money(shown.to_pay), centred=True),
        ],
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        spacing=Space.XS,
        tight=True,
    )
    rows = [
        title(texts.t("{name} earned {amount}", name=name, amount=earned)),
        *_available(texts, shown),
        *([caption(texts.t("Expires on {date}", date=texts.date(shown.expires_at)))] if shown.expires_at else []),
        divider(),
        figure(texts.t("Basket"), texts.money(shown.total)),
    ]
    if shown.redeemed:
        spent = Money(amount=-shown.redeemed.amount, currency=shown.redeemed.currency)
        rows.append(figure(texts.t("Spent cashback"), texts.money(spent, signed=True), icon=ft.Icons.NORTH_EAST))
    if shown.points_redeemed and shown.points_worth is not None:
        paid = Money(amount=-shown.points_worth.amount, currency=shown.points_worth.currency)
        name = texts.t("Spent {points}", points=texts.money(shown.points_redeemed))
        rows.append(figure(name, texts.money(paid, signed=True), icon=ft.Icons.NORTH_EAST))
    if shown.balance is not None:
        rows.append(figure(texts.t("New balance"), texts.money(shown.balance), tone=Color.BRAND))
    if shown.pending:
        rows.append(figure(texts.t("Pending"), texts.money(shown.pending), icon=ft.Icons.SCHEDULE))
    if shown.debt:
        rows.append(figure(texts.t("To make up for returns"), texts.money(shown.debt)))
    rows += [divider(), caption(texts.t("Receipt {number}", number=shown.number))]
    return [head, card(ft.Column(rows, spacing=Space.M, tight=True))]


def _available(texts: Texts, shown: _Shown) -> list[ft.Control]:
    if not shown.earned or shown.available_at is None:
        return []
    return [body(texts.t("Available on {date}", date=texts.date(shown.available_at)))]
