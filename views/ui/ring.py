"""The ring: the product's sign, used where something fills up."""

from __future__ import annotations

import flet as ft

from views.tokens import Color, Motion, Size


def ring(
    share_bp: int,
    spoken: str,
    *,
    size: int = Size.RING,
    stroke: int = Size.RING_STROKE,
    tone: str = Color.BRAND,
    track: str = Color.LINE,
    inside: ft.Control | None = None,
    key: str | None = None,
) -> ft.Control:
    """A ring filled to ``share_bp`` hundredths of a percent; ``spoken`` says what it means."""
    arc = ft.ProgressRing(
        value=max(0, min(share_bp, 10_000)) / 10_000,
        width=size,
        height=size,
        stroke_width=stroke,
        stroke_cap=ft.StrokeCap.ROUND,
        stroke_align=-1,
        color=tone,
        bgcolor=track,
        animate_opacity=Motion.MEDIUM,
    )
    layers: list[ft.Control] = [arc]
    if inside is not None:
        layers.append(ft.Container(content=inside, alignment=ft.Alignment.CENTER, width=size, height=size))
    return ft.Semantics(
        content=ft.Stack(layers, width=size, height=size), label=spoken, image=True, exclude_semantics=True, key=key
    )


def share_bp(part: int, whole: int) -> int:
    """How much of ``whole`` the ``part`` is, in hundredths of a percent; 0 of nothing."""
    return part * 10_000 // whole if whole > 0 else 0
