"""The code itself: QR, bar code and digits on white paper, with the time that is left."""

from __future__ import annotations

import functools

import flet as ft

from services.codes import ShownCode, code128_png, qr_png
from services.texts import Texts
from views.session import use_client, use_now, use_texts
from views.tokens import Color, Size, Space, Type
from views.ui.notices import notice
from views.ui.ring import ring, share_bp
from views.ui.words import text

TICK = 1.0
"""Seconds between two looks at the code."""


@ft.component
def Face() -> ft.Control:
    """The code of this moment; it rotates by itself, with or without a network."""
    client, texts = use_client(), use_texts()
    use_now(TICK)
    code = client.member_code()
    if code is None:
        return notice(texts.t("This device has no code yet. Sign out, and sign in again."))
    return ft.Column(
        [_MemoPictures(code.text, code.digits, code.grouped, texts), _countdown(texts, code)],
        spacing=Space.XL,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )


@ft.component
def Pictures(code: str, digits: str, grouped: str, texts: Texts) -> ft.Control:
    """What a scanner or a cashier reads. White in both themes, and drawn once for each code."""
    qr, bars = _pictures(code)
    spoken = texts.t("Your code: {digits}", digits=" ".join(digits))
    paper = ft.Column(
        [
            ft.Image(
                src=qr,
                width=Size.QR,
                height=Size.QR,
                gapless_playback=True,
                semantics_label=texts.t("Your code as a QR code"),
            ),
            ft.Image(
                src=bars,
                width=Size.BARCODE_WIDTH,
                height=Size.BARCODE_HEIGHT,
                fit=ft.BoxFit.FILL,
                gapless_playback=True,
                semantics_label=texts.t("Your code as a bar code"),
            ),
            text(grouped, Type.DIGITS, Color.INK, centred=True, spoken=spoken),
        ],
        spacing=Space.M,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )
    return ft.Container(
        content=paper,
        bgcolor=Color.PAPER,
        border_radius=Size.RADIUS,
        padding=ft.Padding.only(top=Space.S, bottom=Space.XL, left=Space.L, right=Space.L),
    )


_MemoPictures = ft.memo(Pictures)  # type: ignore[no-untyped-call]


@functools.lru_cache(maxsize=8)
def _pictures(code: str) -> tuple[bytes, bytes]:
    return qr_png(code, scale=10), code128_png(code, scale=4, height=4 * Size.BARCODE_HEIGHT)


def _countdown(texts: Texts, code: ShownCode) -> ft.Control:
    seconds = max(1, int(code.seconds_left + 0.5))
    words = texts.n("New code in {n} second", "New code in {n} seconds", seconds)
    left = ring(
        share_bp(round(code.seconds_left * 1000), code.period * 1000),
        words,
        size=Size.RING_SMALL,
        stroke=Size.RING_SMALL_STROKE,
    )
    return ft.Semantics(
        content=ft.Row([left, text(words, color=Color.QUIET, yields=True)], spacing=Space.M, tight=True),
        label=words,
        exclude_semantics=True,
    )
