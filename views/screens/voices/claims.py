"""Claims that wait: the evidence, and two answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import cast, get_args

import flet as ft

from contract.claims import ClaimState, ProgrammeClaim, ProgrammeClaims, RefusalReason
from services.texts import Texts
from views.commands import use_command
from views.hooks import use_value
from views.session import use_client, use_task, use_texts, use_width
from views.tokens import Color, Space
from views.ui.amounts import minor_units
from views.ui.buttons import primary, quiet, secondary
from views.ui.cards import card
from views.ui.chips import chip, line
from views.ui.choices import Choice, choices
from views.ui.claim_words import about, reason_words
from views.ui.empty import empty
from views.ui.field import Look, entry_field, use_entry_field
from views.ui.keyed import keyed
from views.ui.listing import listing
from views.ui.notices import error_notice, notice
from views.ui.rows import list_end
from views.ui.skeleton import rows
from views.ui.words import body, caption, label, title

Decide = Callable[..., Awaitable[bool]]
_NOTE = Look(icon=ft.Icons.EDIT_NOTE)
_AMOUNT = Look(icon=ft.Icons.PAYMENTS_OUTLINED)


@ft.component
def ClaimsToDecide() -> ft.Control:
    """Those that wait, oldest first, or those that were decided."""
    client, texts, width = use_client(), use_texts(), use_width()
    state, set_state = use_value("open")
    page, set_page = use_value(cast("ProgrammeClaims | None", None))

    async def read() -> None:
        set_page(await client.voices.claims(cast("ClaimState", state)))

    async def accept(claim_id: str, words: str, amount: int | None) -> None:
        await client.voices.accept(claim_id, words, amount)
        await read()

    async def refuse(claim_id: str, words: str, reason: RefusalReason) -> None:
        await client.voices.refuse(claim_id, words, reason)
        await read()

    loading, accepting, refusing = use_command(read), use_command(accept), use_command(refuse)

    async def arrive() -> None:
        await loading.run()

    use_task(arrive, [state])
    pills = choices(
        [
            Choice("open", texts.p("claims", "Waiting")),
            Choice("accepted", texts.p("claims", "Accepted")),
            Choice("refused", texts.p("claims", "Refused")),
        ],
        state,
        set_state,
    )
    problem = accepting.problem or refusing.problem
    head: list[ft.Control] = [pills, *error_notice(texts, problem)]
    if page is None:
        again = error_notice(texts, loading.problem, quiet(texts.t("Try again"), loading.run))
        return listing([*head, *(again or [rows(texts)])], width)
    if not page.items:
        said = texts.t("Nothing waits for you.") if state == "open" else texts.t("Nothing here yet.")
        return listing([*head, empty("purchases", said)], width)
    busy = accepting.busy or refusing.busy
    shown = [keyed(ToDecide, each.claim_id, each, accepting.run, refusing.run, busy) for each in page.items]
    return listing([*head, *shown, list_end(texts.t("That is all."))], width, spacing=Space.L)


@ft.component
def ToDecide(claim: ProgrammeClaim, accept: Decide, refuse: Decide, busy: bool) -> ft.Control:
    """One claim: who, what, the evidence, and the answers."""
    texts = use_texts()
    reason, set_reason = use_value("")
    missing, set_missing = use_value(initial=False)
    words, amount = use_entry_field(), use_entry_field()

    async def yes() -> None:
        given = minor_units(amount.text, claim.total.currency)
        wanted = claim.kind == "amount" and given is None
        set_missing(wanted)
        if not wanted:
            await accept(claim.claim_id, words.text.strip(), given)

    async def no() -> None:
        set_missing(not reason)
        if reason:
            await refuse(claim.claim_id, words.text.strip(), cast("RefusalReason", reason))

    parts = [*_told(texts, claim)]
    if claim.state == "open":
        why = [Choice(each, reason_words(texts, each)) for each in get_args(RefusalReason)]
        said = texts.t("Say what to give, or choose why not.")
        parts += [
            entry_field(amount, texts.t("Cashback to give"), look=_AMOUNT),
            *([] if claim.kind == "amount" else [caption(texts.t("Leave it empty to give what the rules say."))]),
            entry_field(words, texts.t("A word to the member (optional)"), look=_NOTE),
            *([notice(said)] if missing else []),
            ft.Row([primary(texts.t("Accept"), yes, busy=busy, icon=ft.Icons.CHECK)]),
            label(texts.t("Or refuse, because")),
            choices(why, reason, set_reason),
            ft.Row([secondary(texts.t("Refuse"), no, icon=ft.Icons.BLOCK, disabled=busy)]),
        ]
    elif claim.reason is not None:
        parts.append(body(reason_words(texts, claim.reason)))
    elif claim.given is not None:
        parts.append(body(texts.t("Given: {amount}", amount=texts.money(claim.given))))
    return card(ft.Column(parts, spacing=Space.M, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH))


def _told(texts: Texts, claim: ProgrammeClaim) -> list[ft.Control]:
    receipt = texts.t("Receipt {number}", number=claim.receipt_number)
    evidence = texts.n("{n} purchase so far", "{n} purchases so far", claim.purchases)
    claims = texts.n("{n} claim so far", "{n} claims so far", claim.claims)
    told: list[ft.Control] = [
        title(about(texts, claim)),
        caption(f"{claim.member_name} · {claim.store_name} · {receipt} · {texts.money(claim.total)}"),
        caption(f"{evidence} · {claims}"),
    ]
    if claim.posted == "other_member":
        warning = texts.t("Another member has this receipt already.")
        told.append(notice(warning, icon=ft.Icons.WARNING_AMBER, live=False))
    elif claim.posted == "this_member" and claim.kind == "missing":
        told.append(chip(texts.t("Posted by now"), ft.Icons.CHECK))
    if claim.note:
        told.append(line(ft.Icons.FORMAT_QUOTE, claim.note, ink=Color.TEXT))
    if claim.state == "open":
        told.append(caption(texts.t("To be answered by {date}", date=texts.date(claim.due_at))))
    return told
