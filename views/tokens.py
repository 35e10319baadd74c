"""The look: colour roles, type, space, motion. The only place that holds them.

A colour is a Material role name, so that one view serves light and dark; what a role is in each theme stands in
``LIGHT`` and ``DARK``. Two roles of Material that nothing else uses carry the hero card: ``primary_fixed`` and
``on_primary_fixed``.
"""

from __future__ import annotations

import dataclasses
from typing import Final

import flet as ft

SEED: Final = "#0B6B57"

LIGHT: Final[dict[str, str]] = {
    "primary": "#0B6B57",
    "on_primary": "#FFFFFF",
    "primary_container": "#BDEBDD",
    "on_primary_container": "#00382C",
    "secondary": "#4A635A",
    "on_secondary": "#FFFFFF",
    "secondary_container": "#D3E8DF",
    "on_secondary_container": "#0A2018",
    "tertiary": "#845400",
    "on_tertiary": "#FFFFFF",
    "tertiary_container": "#FFE1B8",
    "on_tertiary_container": "#2B1700",
    "error": "#B3261E",
    "on_error": "#FFFFFF",
    "error_container": "#FBE0DD",
    "on_error_container": "#410E0B",
    "surface": "#F6F9F7",
    "on_surface": "#151C19",
    "on_surface_variant": "#47524D",
    "outline": "#717B76",
    "outline_variant": "#D2DAD5",
    "surface_container_lowest": "#FFFFFF",
    "surface_container_low": "#FFFFFF",
    "surface_container": "#EDF2EF",
    "surface_container_high": "#E5EBE8",
    "surface_container_highest": "#DDE4E0",
    "surface_tint": "#0B6B57",
    "inverse_surface": "#2A312E",
    "on_inverse_surface": "#EDF2EF",
    "inverse_primary": "#86D6BF",
    "primary_fixed": "#0B6B57",
    "on_primary_fixed": "#FFFFFF",
    "primary_fixed_dim": "#3C8A79",
    "on_primary_fixed_variant": "#D0EFE6",
    "tertiary_fixed": "#FFD89C",
    "secondary_fixed_dim": "#00000000",
    "shadow": "#000000",
    "scrim": "#000000",
}

DARK: Final[dict[str, str]] = {
    "primary": "#86D6BF",
    "on_primary": "#00382C",
    "primary_container": "#10493C",
    "on_primary_container": "#BDEBDD",
    "secondary": "#B3CCC2",
    "on_secondary": "#1E352D",
    "secondary_container": "#2B3D36",
    "on_secondary_container": "#D0E8DD",
    "tertiary": "#FFBF69",
    "on_tertiary": "#452B00",
    "tertiary_container": "#4A3309",
    "on_tertiary_container": "#FFE1B8",
    "error": "#F4B8B2",
    "on_error": "#5F1511",
    "error_container": "#5C1D19",
    "on_error_container": "#FBE0DD",
    "surface": "#0D1311",
    "on_surface": "#E0E7E3",
    "on_surface_variant": "#B3BEB8",
    "outline": "#86918B",
    "outline_variant": "#303A35",
    "surface_container_lowest": "#080D0B",
    "surface_container_low": "#161D1A",
    "surface_container": "#202925",
    "surface_container_high": "#29332E",
    "surface_container_highest": "#343E39",
    "surface_tint": "#86D6BF",
    "inverse_surface": "#E0E7E3",
    "on_inverse_surface": "#1B2320",
    "inverse_primary": "#0B6B57",
    "primary_fixed": "#0F3B31",
    "on_primary_fixed": "#E6F5EF",
    "primary_fixed_dim": "#27594C",
    "on_primary_fixed_variant": "#A9D6C8",
    "tertiary_fixed": "#FFCE8A",
    "secondary_fixed_dim": "#38080D0B",
    "shadow": "#000000",
    "scrim": "#000000",
}


FOCUS: Final = {False: "#3D0B6B57", True: "#4D86D6BF"}
"""What lies over a row or a card that the keyboard is on, by day and by night; words stay readable through it."""


class Color:
    """What a colour is for, as the Material role that carries it."""

    PAGE: Final = "surface"
    CARD: Final = "surfacecontainerlow"
    CARD_RAISED: Final = "surfacecontainer"
    CARD_PRESSED: Final = "surfacecontainerhigh"
    SKELETON: Final = "surfacecontainerhigh"
    TEXT: Final = "onsurface"
    QUIET: Final = "onsurfacevariant"
    LINE: Final = "outlinevariant"
    BRAND: Final = "primary"
    ON_BRAND: Final = "onprimary"
    BRAND_SOFT: Final = "primarycontainer"
    ON_BRAND_SOFT: Final = "onprimarycontainer"
    CHOSEN: Final = "secondarycontainer"
    ON_CHOSEN: Final = "onsecondarycontainer"
    BAR: Final = "primaryfixeddim"
    HERO: Final = "primaryfixed"
    ON_HERO: Final = "onprimaryfixed"
    HERO_TRACK: Final = "primaryfixeddim"
    HERO_QUIET: Final = "onprimaryfixedvariant"
    HERO_WARM: Final = "tertiaryfixed"
    WARM: Final = "tertiary"
    WARM_SOFT: Final = "tertiarycontainer"
    ON_WARM_SOFT: Final = "ontertiarycontainer"
    ERROR: Final = "error"
    ERROR_SOFT: Final = "errorcontainer"
    ON_ERROR_SOFT: Final = "onerrorcontainer"
    VEIL: Final = "secondaryfixeddim"
    """What lies over a bright drawing: nothing by day, a shade by night."""
    CLEAR: Final = "transparent"
    PAPER: Final = "#FFFFFF"
    """The ground of a code that a scanner reads: white in both themes."""
    INK: Final = "#101513"
    INK_QUIET: Final = "#4A544F"
    INK_BRAND: Final = SEED
    INK_TRACK: Final = "#DCE5E1"


class Space:
    """The 4-point grid."""

    NONE: Final = 0
    HAIR: Final = 2
    XS: Final = 4
    S: Final = 8
    M: Final = 12
    L: Final = 16
    XL: Final = 24
    XXL: Final = 32
    HUGE: Final = 48


class Size:
    """Measures that are not gaps."""

    RADIUS: Final = 20
    RADIUS_SMALL: Final = 12
    PILL: Final = 100
    CONTENT: Final = 720
    NARROW: Final = 440
    WIDE: Final = 1120
    CHIP: Final = 28
    LIST_PANE: Final = 460
    RAIL: Final = 88
    TARGET: Final = 48
    BUTTON: Final = 52
    ICON_SMALL: Final = 16
    ICON: Final = 24
    ICON_LARGE: Final = 32
    AVATAR: Final = 44
    RING: Final = 88
    RING_STROKE: Final = 9
    RING_SMALL: Final = 28
    RING_SMALL_STROKE: Final = 4
    DRAWING: Final = 168
    OFFER_CARD: Final = 236
    OFFER_PICTURE: Final = 108
    OFFER_THUMB: Final = 64
    OFFER_HERO: Final = 180
    OFFER_HERO_WIDTH: Final = 320
    QR: Final = 256
    BARCODE_WIDTH: Final = 304
    BARCODE_HEIGHT: Final = 64
    LOGO: Final = 56
    BAR_NAME: Final = 48
    BAR_FIGURE: Final = 96
    HAIRLINE: Final = 1
    FOCUS: Final = 2


class Break:
    """Widths at which the layout changes."""

    MEDIUM: Final = 600
    EXPANDED: Final = 840


class Motion:
    """Durations in milliseconds."""

    SHORT: Final = 150
    MEDIUM: Final = 200
    LONG: Final = 250
    COUNT_STEPS: Final = 10


class Type:
    """Five styles of text; a headline, a bar's title, and digits to read aloud, are their larger kin.

    Each is a role of the theme, so that one choice of the reader makes all text larger.
    """

    DISPLAY: Final = ft.TextThemeStyle.DISPLAY_MEDIUM
    HEADLINE: Final = ft.TextThemeStyle.HEADLINE_MEDIUM
    CODE: Final = ft.TextThemeStyle.HEADLINE_LARGE
    DIGITS: Final = ft.TextThemeStyle.HEADLINE_SMALL
    TITLE: Final = ft.TextThemeStyle.TITLE_MEDIUM
    BAR: Final = ft.TextThemeStyle.TITLE_LARGE
    BODY: Final = ft.TextThemeStyle.BODY_LARGE
    LABEL: Final = ft.TextThemeStyle.LABEL_LARGE
    CAPTION: Final = ft.TextThemeStyle.BODY_SMALL


_LIGHT, _MEDIUM, _HEAVY = ft.FontWeight.W_400, ft.FontWeight.W_500, ft.FontWeight.W_600
_BAR_NAME: Final = ft.TextThemeStyle.LABEL_MEDIUM
"""In which Material writes the names of a bar's or a rail's destinations."""
STYLES: Final[dict[ft.TextThemeStyle, ft.TextStyle]] = {
    Type.DISPLAY: ft.TextStyle(size=40, weight=_HEAVY, height=1.15, letter_spacing=-0.5),
    Type.HEADLINE: ft.TextStyle(size=28, weight=_HEAVY, height=1.25, letter_spacing=-0.25),
    Type.CODE: ft.TextStyle(size=28, weight=_MEDIUM, height=1.3, letter_spacing=6),
    Type.DIGITS: ft.TextStyle(size=22, weight=_MEDIUM, height=1.4, letter_spacing=1),
    Type.TITLE: ft.TextStyle(size=20, weight=_HEAVY, height=1.3, letter_spacing=0),
    Type.BAR: ft.TextStyle(size=20, weight=_HEAVY, height=1.3, letter_spacing=0),
    Type.BODY: ft.TextStyle(size=16, weight=_LIGHT, height=1.45, letter_spacing=0),
    Type.LABEL: ft.TextStyle(size=15, weight=_MEDIUM, height=1.35, letter_spacing=0),
    Type.CAPTION: ft.TextStyle(size=13, weight=_LIGHT, height=1.4, letter_spacing=0),
    # what no text of ours names, but Material's own controls write in
    _BAR_NAME: ft.TextStyle(size=12, weight=_MEDIUM, height=1.33, letter_spacing=0.5),
    ft.TextThemeStyle.TITLE_SMALL: ft.TextStyle(size=14, weight=_MEDIUM, height=1.43, letter_spacing=0),
    ft.TextThemeStyle.BODY_MEDIUM: ft.TextStyle(size=14, weight=_LIGHT, height=1.43, letter_spacing=0),
    ft.TextThemeStyle.LABEL_SMALL: ft.TextStyle(size=11, weight=_MEDIUM, height=1.45, letter_spacing=0.5),
}
"""What the roles look like at the standard size. Letters stand as the font has them: Material would space them out."""

TEXT_SIZES: Final[dict[str, float]] = {"standard": 1.0, "large": 1.15, "larger": 1.3, "largest": 1.5}
"""How much larger than the standard all text is, by what the reader chose."""
BAR_SCALE: Final = 1.3
"""How far what stands in a bar grows: the bar is of a fixed height."""


def style_of(role: ft.TextThemeStyle, scale: float = 1.0) -> ft.TextStyle:
    """A style at a scale."""
    style = STYLES[role]
    grown = min(scale, BAR_SCALE) if role in (Type.BAR, _BAR_NAME) else scale
    return dataclasses.replace(style, size=(style.size or 0) * grown)


def edge(wide: bool) -> int:
    """The space at the edges of the screen."""
    return Space.XL if wide else Space.L


def theme(dark: bool, scale: float = 1.0) -> ft.Theme:
    """Material's theme for light or for dark, with text at a scale."""
    roles = DARK if dark else LIGHT
    ink = roles["on_surface"]
    shape = ft.RoundedRectangleBorder(radius=Size.RADIUS_SMALL)
    ring = {ft.ControlState.FOCUSED: ft.BorderSide(Size.FOCUS, ink)}
    button = ft.ButtonStyle(text_style=style_of(Type.LABEL, scale), shape=ft.StadiumBorder(), side=ring)
    return ft.Theme(
        color_scheme_seed=SEED,
        color_scheme=ft.ColorScheme(**roles),
        scaffold_bgcolor=roles["surface"],
        text_theme=ft.TextTheme(
            **{role.name.lower(): dataclasses.replace(style_of(role, scale), color=ink) for role in STYLES}
        ),
        visual_density=ft.VisualDensity.STANDARD,
        filled_button_theme=ft.FilledButtonTheme(style=button),
        outlined_button_theme=ft.OutlinedButtonTheme(style=button),
        text_button_theme=ft.TextButtonTheme(style=button),
        icon_button_theme=ft.IconButtonTheme(style=ft.ButtonStyle(side=ring)),
        focus_color=FOCUS[dark],
        slider_theme=ft.SliderTheme(
            inactive_track_color=Color.LINE, active_tick_mark_color=Color.CLEAR, inactive_tick_mark_color=Color.CLEAR
        ),
        date_picker_theme=ft.DatePickerTheme(header_headline_text_style=style_of(Type.HEADLINE, scale)),
        snackbar_theme=ft.SnackBarTheme(shape=shape, behavior=ft.SnackBarBehavior.FLOATING),
        page_transitions=ft.PageTransitionsTheme(
            android=ft.PageTransitionTheme.FADE_FORWARDS,
            ios=ft.PageTransitionTheme.CUPERTINO,
            linux=ft.PageTransitionTheme.FADE_FORWARDS,
            macos=ft.PageTransitionTheme.FADE_FORWARDS,
            windows=ft.PageTransitionTheme.FADE_FORWARDS,
        ),
    )
