"""The statement of a time: balances before and after, what moved in between, and whether it adds up."""

from __future__ import annotations

import functools
from datetime import datetime

import flet as ft

from contract.statement import Statement as Told
from contract.wallet import Wallet
from services.books import check, is_wallet
from services.periods import Period
from services.texts import Texts
from views.hooks import use_value
from views.reading import Reading, use_reading
from views.screens.statement.files import Files
from views.screens.statement.range import use_period
from views.screens.statement.rows import day_parts
from views.session import go, use_client, use_now, use_session, use_texts, use_width
from views.state import use_slice
from views.tokens import Color, Space
from views.ui.buttons import secondary
from views.ui.cards import card, divider
from views.ui.chips import line
from views.ui.empty import empty
from views.ui.listing import listing
from views.ui.notices import error_notice, notice
from views.ui.rows import list_end
from views.ui.skeleton import rows
from views.ui.words import text, title

PAGE = 60
"""Lines shown at first, and by each "show more"."""
_MINUTE = 60.0


@ft.component
def Statement() -> ft.Control:
    """Choose a time; see and take along what moved in it."""
    session, client, texts, width = use_session(), use_client(), use_texts(), use_width()
    wallet, now = use_slice(session.store.balance).wallet, use_now(_MINUTE)
    period, pills = use_period(now)
    shown, set_shown = use_value(PAGE)
    books = client.books
    reading: Reading[Told] = use_reading(
        functools.partial(books.kept_statement, period),
        functools.partial(books.fresh_statement, period),
        period.key,
        since=None if wallet is None else wallet.version,
    )
    parts: list[ft.Control] = [pills, Files(period)]
    told = reading.value
    if told is None:
        parts += error_notice(texts, reading.problem) if reading.problem else [rows(texts)]
        return listing(parts, width)
    parts += _age(texts, reading, now)
    parts.append(_summary(texts, told, wallet if period.until > now else None, period))
    if not told.items:
        parts.append(empty("purchases", texts.t("Nothing moved in this time.")))
        return listing(parts, width)
    newest = told.items[::-1]
    parts += day_parts(texts, newest[:shown], now, go)
    if shown < len(newest):
        more = secondary(texts.t("Show more"), lambda: set_shown(shown + PAGE), icon=ft.Icons.EXPAND_MORE)
        parts.append(ft.Row([more], alignment=ft.MainAxisAlignment.CENTER))
    else:
        parts.append(list_end(texts.t("This is all that moved in this time.")))
    return listing(parts, width)


def _age(texts: Texts, reading: Reading[Told], now: datetime) -> list[ft.Control]:
    if reading.problem is None or reading.at is None:
        return []
    sentence = texts.t("There is no fresh answer. This is from {age}.", age=texts.ago(reading.at, now))
    return [notice(sentence, icon=ft.Icons.CLOUD_OFF_OUTLINED)]


def _summary(texts: Texts, told: Told, wallet: Wallet | None, period: Period) -> ft.Control:
    first, last = told.opening, told.closing
    parts: list[ft.Control] = [
        title(texts.t("{start} to {end}", start=texts.date(period.since), end=_end(texts, period))),
        _amounts(texts.t("Available before"), texts.money(first.available)),
        _amounts(texts.t("Available after"), texts.money(last.available), strong=True),
    ]
    if first.pending or last.pending:
        parts.append(_amounts(texts.t("Pending before"), texts.money(first.pending)))
        parts.append(_amounts(texts.t("Pending after"), texts.money(last.pending)))
    if first.debt or last.debt:
        parts.append(_amounts(texts.t("To make up for returns"), texts.money(last.debt)))
    return card(ft.Column([*parts, divider(), _verdict(texts, told, wallet)], spacing=Space.M, tight=True))


def _end(texts: Texts, period: Period) -> str:
    last = period.last_day(texts.timezone)
    return texts.date(datetime(last.year, last.month, last.day, 12, tzinfo=period.until.tzinfo))


def _verdict(texts: Texts, told: Told, wallet: Wallet | None) -> ft.Control:
    verdict = check(told)
    if verdict == "cut":
        sentence = texts.t("Only the first {n} lines are here. The files have all of them.", n=len(told.items))
        return line(ft.Icons.INFO_OUTLINED, sentence)
    if verdict == "broken":
        return line(ft.Icons.ERROR_OUTLINE, texts.t("These lines do not add up. Please tell us."), ink=Color.ERROR)
    if wallet is None:
        return line(ft.Icons.VERIFIED_OUTLINED, texts.t("Checked: every line adds up."), ink=Color.BRAND)
    if is_wallet(told, wallet):
        sentence = texts.t("Checked: every line adds up, and the last one is your wallet.")
        return line(ft.Icons.VERIFIED_OUTLINED, sentence, ink=Color.BRAND)
    return line(ft.Icons.SYNC, texts.t("Your wallet has moved on since. We are reading it again."))


def _amounts(name: str, amount: str, *, strong: bool = False) -> ft.Control:
    return ft.Row([text(name, color=Color.QUIET, expand=True), text(amount, strong=strong)], spacing=Space.M)
