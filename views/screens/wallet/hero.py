"""The wallet's card: the balance, the ring, what is coming and what expires."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import flet as ft

from contract.money import Money
from contract.wallet import Lot, Wallet
from services.texts import Texts
from views.hooks import use_watched
from views.screens.wallet.lots import coming, expiring
from views.session import go, use_now, use_session, use_task, use_texts, use_width
from views.state import Balance, use_slice
from views.tokens import TEXT_SIZES, Color, Motion, Size, Space
from views.ui.buttons import primary
from views.ui.grown import grown
from views.ui.ring import ring, share_bp
from views.ui.rows import ends
from views.ui.words import display, text

_HOUR = 3600.0


@ft.component
def Hero() -> ft.Control:
    """Available in large figures, the ring of available and pending, and the button that matters."""
    session, texts, width = use_session(), use_texts(), use_width()
    balance, now = use_slice(session.store.balance), use_now(_HOUR)
    large = use_watched(session.preferences).scale > TEXT_SIZES["large"]
    wallet = balance.wallet
    if wallet is None:
        return ft.Container(height=Space.NONE)
    figures = ft.Column(
        [
            Counting(wallet.available, width != "compact" and not large),
            text(texts.t("available to spend"), color=Color.HERO_QUIET),
        ],
        spacing=Space.NONE,
        tight=True,
    )
    said = [
        *_coming(texts, balance),
        *_expiring(texts, balance, now),
        *_points(texts, balance, now),
        *_debt(texts, wallet),
    ]
    parts: list[ft.Control] = [
        figures if large and width == "compact" else ends(figures, _circle(texts, wallet)),
        *([ft.Column(said, spacing=Space.S, tight=True)] if said else []),
        primary(
            texts.t("Show my code"), lambda: go("/code"), icon=ft.Icons.QR_CODE_2, tone=Color.ON_HERO, ink=Color.HERO
        ),
    ]
    return ft.Container(
        content=ft.Column(parts, spacing=Space.XL, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        bgcolor=Color.HERO,
        border_radius=Size.RADIUS,
        padding=Space.XL,
    )


@ft.component
def Counting(amount: Money, roomy: bool) -> ft.Control:
    """The balance, which counts to a new amount; a screen reader hears the new one once."""
    session, texts = use_session(), use_texts()
    shown, set_shown = ft.use_state(amount.amount)

    async def count() -> None:
        start, way = shown, amount.amount - shown
        for step in range(1, Motion.COUNT_STEPS + 1 if way else 0):
            set_shown(start + way * step // Motion.COUNT_STEPS)
            await session.sleep(Motion.LONG / Motion.COUNT_STEPS / 1000)

    use_task(count, [amount.amount])
    spoken = texts.t("{amount} available to spend", amount=texts.money(amount))
    figure = display(texts.money(Money(amount=shown, currency=amount.currency)), Color.ON_HERO, roomy=roomy)
    return ft.Semantics(content=figure, label=spoken, live_region=True, container=True, exclude_semantics=True)


def _circle(texts: Texts, wallet: Wallet) -> ft.Control:
    whole = wallet.available + wallet.pending
    spoken = texts.t("{amount} of {whole} is available", amount=texts.money(wallet.available), whole=texts.money(whole))
    return ring(share_bp(wallet.available.amount, whole.amount), spoken, tone=Color.ON_HERO, track=Color.HERO_TRACK)


def _coming(texts: Texts, balance: Balance) -> list[ft.Control]:
    if balance.wallet is None or not balance.wallet.pending:
        return []
    amount = texts.money(balance.wallet.pending, signed=True)
    following = coming(_of(balance.lots, balance.wallet.pending), texts.date)
    if following is None:
        sentence = texts.t("{amount} pending", amount=amount)
    elif not following.later:
        sentence = texts.t("{amount} on {date}", amount=amount, date=_day(texts, following.at))
    else:
        sentence = texts.t(
            "{amount} pending, {first} of it on {date}",
            amount=amount,
            first=texts.money(following.amount),
            date=_day(texts, following.at),
        )
    return [_line(ft.Icons.SCHEDULE, sentence, Color.HERO_QUIET)]


def _expiring(texts: Texts, balance: Balance, now: datetime) -> list[ft.Control]:
    if balance.wallet is None:
        return []
    soon = expiring(_of(balance.lots, balance.wallet.available), now, texts.date)
    if soon is None:
        return []
    sentence = texts.t("{amount} expires on {date}", amount=texts.money(soon.amount), date=_day(texts, soon.at))
    lines = [_line(ft.Icons.HOURGLASS_BOTTOM, sentence, Color.HERO_WARM)]
    if soon.later:
        more = texts.money(soon.later)
        lines.append(_line(None, texts.t("{amount} more within 30 days", amount=more), Color.HERO_WARM))
    return lines


def _points(texts: Texts, balance: Balance, now: datetime) -> list[ft.Control]:
    points = None if balance.wallet is None else balance.wallet.points
    if points is None or not (points.available or points.pending):
        return []
    said = [texts.t("{points} to spend", points=texts.money(points.available))]
    if points.pending:
        said.append(texts.n("{n} point pending", "{n} points pending", points.pending.amount))
    lines = [_line(ft.Icons.STARS_OUTLINED, ", ".join(said), Color.HERO_QUIET)]
    soon = expiring(_of(balance.lots, points.available), now, texts.date)
    if soon is not None:
        day = _day(texts, soon.at)
        sentence = texts.n("{n} point expires on {date}", "{n} points expire on {date}", soon.amount.amount, date=day)
        lines.append(_line(None, sentence, Color.HERO_WARM))
    return lines


def _of(lots: Iterable[Lot], unit: Money) -> list[Lot]:
    """The lots in one unit: cashback, or points."""
    return [lot for lot in lots if lot.remaining.currency == unit.currency]


def _debt(texts: Texts, wallet: Wallet) -> list[ft.Control]:
    if not wallet.debt:
        return []
    sentence = texts.t(
        "{amount} of what you earn next makes up for goods that you returned.", amount=texts.money(wallet.debt)
    )
    return [_line(ft.Icons.UNDO, sentence, Color.ON_HERO)]


def _day(texts: Texts, at: datetime) -> str:
    """A day that stays on one line."""
    return texts.short_date(at).replace(" ", "\N{NO-BREAK SPACE}")


def _line(icon: ft.IconData | None, sentence: str, ink: str) -> ft.Control:
    size = grown(Size.ICON - Space.XS)
    mark = ft.Icon(icon, size=size, color=ink) if icon is not None else ft.Container(width=size)
    return ft.Row(
        [mark, text(sentence, color=ink, expand=True)],
        spacing=Space.S,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
