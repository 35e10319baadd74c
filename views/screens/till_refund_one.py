"""Take a purchase back: choose what, see every effect, confirm once."""

from __future__ import annotations

import functools
from collections.abc import Callable

import flet as ft

from contract.errors import ErrorCode, Problem
from contract.money import Money
from contract.staff import Approval
from contract.wallet import Purchase, PurchaseLine, RefundReceipt
from services.texts import Texts
from views.commands import Command, use_command
from views.session import go, use_client, use_task, use_texts, use_width
from views.till.approving import ApprovalBox
from views.till.holds import held_sentence
from views.till.hooks import use_value
from views.till.keys import use_keys
from views.till.parts import figure, has_keyboard, with_key
from views.till.refunding import Chosen, as_lines, everything, use_preview, with_pieces
from views.till.thumb import at_the_thumb, beside
from views.tokens import Color, Size, Space
from views.ui import layout, skeleton
from views.ui.buttons import icon_button, primary, quiet
from views.ui.cards import card, divider
from views.ui.notices import error_notice, notice
from views.ui.words import caption, display, label, title


@ft.component
def TillRefundOne() -> ft.Control:
    """One purchase of this store, on its way back."""
    client, texts, width = use_client(), use_texts(), use_width()
    purchase_id = ft.use_route_params().get("id", "")
    no_purchase: Purchase | None = None
    purchase, set_purchase = use_value(no_purchase)
    no_chosen: Chosen = ()
    chosen, set_chosen = use_value(no_chosen)
    no_done: RefundReceipt | None = None
    done, set_done = use_value(no_done)
    load = use_command(client.till.purchase)

    async def look() -> None:
        if await load.run(purchase_id) and load.result is not None:
            set_purchase(load.result)
            set_chosen(everything(load.result))

    use_task(look, [purchase_id])
    preview = use_preview(purchase, chosen)

    async def give_back(approval: Approval | None = None) -> None:
        if purchase is not None and chosen:
            set_done(await client.till.refund(purchase_id, as_lines(chosen, purchase), approval=approval))

    command = use_command(give_back)

    async def key(name: str) -> None:
        if name == "Escape":
            go("/till/refund" if done is None else "/till")
        elif name == "Enter" and done is not None:
            go("/till")
        elif name == "F9" and done is None and preview.of == chosen:
            await command.run()

    use_keys(key)
    if done is not None:
        parts, onward = _done(texts, done)
        return at_the_thumb(parts, [onward], width, most=Size.NARROW)
    if purchase is None:
        again = quiet(texts.t("Try again"), look)
        waiting = error_notice(texts, load.problem, again) if load.problem else [skeleton.rows(texts)]
        return layout.page(waiting, width)
    keys = has_keyboard(ft.context.page)
    ready = preview.effect is not None and preview.of == chosen
    name = texts.t("Give back {amount}", amount=texts.money(_hand_back(preview.effect))) if preview.effect else ""
    button = primary(
        with_key(name or texts.t("Give back"), "F9", keys and ready),
        command.run,
        busy=command.busy,
        icon=ft.Icons.UNDO,
        disabled=not ready,
    )
    left = [*_head(texts, purchase), _lines(texts, purchase, chosen, set_chosen)]
    problem = command.problem or preview.problem
    right = [*_effect(texts, purchase, preview.effect, chosen, problem), *_second(texts, command)]
    action = [button] if everything(purchase) and not _needs_two(command.problem) else []
    if width == "expanded":
        return beside(left, [*right, *action])
    return at_the_thumb([*left, *right], action, width, most=Size.CONTENT)


def _needs_two(problem: Problem | None) -> bool:
    return problem is not None and problem.code in {ErrorCode.APPROVAL_NEEDED, ErrorCode.APPROVAL_WRONG}


def _second(texts: Texts, command: Command[None]) -> list[ft.Control]:
    """A refund above the programme's limit: a supervisor approves it here."""
    if not _needs_two(command.problem):
        return []
    sentence = texts.t("Above the limit a supervisor or manager of this store approves it here.")
    return [ApprovalBox(sentence, command.run, command.busy)]


def _head(texts: Texts, purchase: Purchase) -> list[ft.Control]:
    when = texts.t("{date} at {time}", date=texts.date(purchase.at), time=texts.time(purchase.at))
    held = held_sentence(texts, purchase.review)
    return [
        ft.Column(
            [
                title(texts.t("Take back {amount}", amount=texts.money(purchase.total)), level=2),
                caption(f"{purchase.receipt_number} · {when}"),
            ],
            spacing=Space.HAIR,
            tight=True,
        ),
        *([notice(held, icon=ft.Icons.FLAG_OUTLINED, live=False)] if held else []),
    ]


def _lines(texts: Texts, purchase: Purchase, chosen: Chosen, choose: Callable[[Chosen], None]) -> ft.Control:
    picked = dict(chosen)

    def put(line: int, pieces: int) -> None:
        choose(with_pieces(chosen, line, pieces))

    rows: list[ft.Control] = []
    for line in purchase.lines:
        rows += [_line(texts, line, picked.get(line.line, 0), functools.partial(put, line.line)), divider()]
    return card(ft.Column(rows[:-1], spacing=Space.NONE, tight=True), padding=Space.S)


def _line(texts: Texts, line: PurchaseLine, pieces: int, put: Callable[[int], None]) -> ft.Control:
    left = line.quantity - line.refunded_quantity
    gets = " + ".join(texts.money(each) for each in (line.earned, line.points) if each) or texts.money(line.earned)
    earned = texts.t("earned {amount}", amount=gets)
    back = texts.t("{count} came back", count=line.refunded_quantity) if line.refunded_quantity else ""

    def tick(event: ft.Event[ft.Checkbox]) -> None:
        put(left if event.control.value else 0)

    box = ft.Checkbox(
        value=pieces > 0,
        disabled=left == 0,
        on_change=tick,
        semantics_label=texts.t("{name} comes back", name=line.name),
    )
    count: list[ft.Control] = []
    if left > 1:
        count = [
            icon_button(ft.Icons.REMOVE, texts.t("One less"), lambda: put(pieces - 1), disabled=pieces <= 0),
            label(f"{pieces}/{left}"),
            icon_button(ft.Icons.ADD, texts.t("One more"), lambda: put(pieces + 1), disabled=pieces >= left),
        ]
    below = caption(" · ".join(part for part in (earned, back) if part), lines=2)
    words = ft.Column(
        [
            ft.Row(
                [ft.Container(content=label(line.name, lines=2), expand=True), label(texts.money(line.amount))],
                spacing=Space.M,
                vertical_alignment=ft.CrossAxisAlignment.START,
            ),
            ft.Row([ft.Container(content=below, expand=True), *count], spacing=Space.XS),
        ],
        spacing=Space.NONE,
        tight=True,
        expand=True,
    )
    # what counts pieces is higher than its words, and brings its own room below them
    padding = ft.Padding.only(right=Space.S, top=Space.M if count else Space.S, bottom=Space.NONE if count else Space.S)
    return ft.Container(content=ft.Row([box, words], spacing=Space.S), padding=padding)


def _effect(
    texts: Texts, purchase: Purchase, effect: RefundReceipt | None, chosen: Chosen, problem: Problem | None
) -> list[ft.Control]:
    if not everything(purchase):
        return [notice(texts.t("All of this purchase has come back already."), icon=ft.Icons.UNDO)]
    asks = problem is not None and problem.code is ErrorCode.APPROVAL_NEEDED  # its box says so
    if problem is not None and not _needs_two(problem):
        return error_notice(texts, problem)
    if not chosen:
        return [caption(texts.t("Choose what comes back."))]
    if effect is None:
        return [skeleton.rows(texts, 2)]
    figures = card(ft.Column(_figures(texts, effect), spacing=Space.M, tight=True), tone=Color.CARD_RAISED)
    return [figures, *([] if asks else error_notice(texts, problem))]


def _figures(texts: Texts, effect: RefundReceipt) -> list[ft.Control]:
    refund = effect.refund
    rows = [figure(texts.t("Goods"), texts.money(refund.amount))]
    if refund.restored:
        rows.append(figure(texts.t("Back to the wallet, as it was spent"), texts.money(refund.restored)))
    if refund.points_restored and refund.points_worth is not None:
        points, worth = texts.money(refund.points_restored), texts.money(refund.points_worth)
        rows.append(
            figure(
                texts.t("Back to the wallet, as it was spent"),
                texts.t("{points} for {worth}", points=points, worth=worth),
            )
        )
    rows.append(figure(texts.t("Hand back to the customer"), texts.money(_hand_back(effect)), strong=True))
    rows.append(divider())
    taken = [
        (texts.t("Taken from pending cashback"), refund.from_pending),
        (texts.t("Taken from available cashback"), refund.from_available),
        (texts.t("Missing; the next cashback pays it"), refund.to_debt),
    ]
    rows += [figure(name, texts.money(amount)) for name, amount in taken if amount]
    if refund.points_clawed_back:
        rows.append(figure(texts.t("Earned points taken back"), texts.money(refund.points_clawed_back)))
    if not refund.clawed_back and not refund.points_clawed_back:
        rows.append(caption(texts.t("These lines earned nothing, so nothing is taken back.")))
    rows.append(figure(texts.t("Balance after it"), texts.money(effect.wallet.available), tone=Color.BRAND))
    return rows


def _hand_back(effect: RefundReceipt) -> Money:
    """What the customer gets in money: the goods' value less what spent cashback and points had paid of it."""
    back = effect.refund.amount - effect.refund.restored
    return back - effect.refund.points_worth if effect.refund.points_worth is not None else back


def _done(texts: Texts, done: RefundReceipt) -> tuple[list[ft.Control], ft.Control]:
    """What was done, and the way on."""
    keys = has_keyboard(ft.context.page)
    hand = texts.money(_hand_back(done))
    paper: list[ft.Control] = [
        ft.Column(
            [
                ft.Icon(ft.Icons.CHECK_CIRCLE, color=Color.BRAND, size=Size.LOGO),
                caption(texts.t("Hand back to the customer")),
                display(hand, centred=True),
            ],
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            spacing=Space.XS,
            tight=True,
        ),
        notice(
            texts.t("Taken back. Hand {amount} to the customer.", amount=hand),
            icon=ft.Icons.CHECK_CIRCLE_OUTLINE,
            tone=Color.BRAND_SOFT,
            ink=Color.ON_BRAND_SOFT,
        ),
        card(ft.Column(_figures(texts, done), spacing=Space.M, tight=True)),
    ]
    onward = primary(
        with_key(texts.t("Next customer"), "Enter", keys), lambda: go("/till"), icon=ft.Icons.QR_CODE_SCANNER
    )
    return paper, onward
