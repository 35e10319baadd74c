"""The look: what is written can be read in both themes."""

from __future__ import annotations

import pytest

from views.tokens import DARK, LIGHT, STYLES, TEXT_SIZES, Color, Size, Space, Type, style_of, theme

TEXT, LARGE = 4.5, 3.0

PAIRS = [
    ("on_surface", "surface"),
    ("on_surface", "surface_container_low"),
    ("on_surface", "surface_container"),
    ("on_surface_variant", "surface"),
    ("on_surface_variant", "surface_container_low"),
    ("on_surface_variant", "surface_container"),
    ("on_surface_variant", "surface_container_high"),
    ("primary", "surface"),
    ("primary", "surface_container_low"),
    ("primary", "secondary_container"),
    ("on_primary", "primary"),
    ("on_primary_container", "primary_container"),
    ("on_secondary_container", "secondary_container"),
    ("on_surface", "secondary_container"),
    ("on_surface_variant", "secondary_container"),
    ("tertiary", "surface"),
    ("tertiary", "surface_container_low"),
    ("on_tertiary_container", "tertiary_container"),
    ("error", "surface"),
    ("on_error_container", "error_container"),
    ("on_primary_fixed", "primary_fixed"),
    ("on_primary_fixed_variant", "primary_fixed"),
    ("tertiary_fixed", "primary_fixed"),
    ("primary_fixed", "on_primary_fixed"),
]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("roles", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(roles, ink, ground):
    assert contrast(roles[ink], roles[ground]) >= TEXT, f"{ink} on {ground}"


@pytest.mark.parametrize("roles", [LIGHT, DARK], ids=["light", "dark"])
def test_the_ring_stands_out_from_its_card(roles):
    assert contrast(roles["on_primary_fixed"], roles["primary_fixed_dim"]) >= LARGE


@pytest.mark.parametrize("ink", [Color.INK, Color.INK_QUIET, Color.INK_BRAND])
def test_what_stands_beside_the_code_is_read_on_white(ink):
    assert contrast(ink, Color.PAPER) >= TEXT


def test_both_themes_name_the_same_roles():
    assert LIGHT.keys() == DARK.keys()


def test_gaps_lie_on_the_grid_of_four_points():
    gaps = {name: value for name, value in vars(Space).items() if not name.startswith("_")}
    assert {name for name, value in gaps.items() if value % 4} == {"HAIR"}


def test_every_style_of_the_theme_grows_with_the_text_size():
    largest = max(TEXT_SIZES.values())
    for role, style in STYLES.items():
        grown = getattr(theme(dark=True, scale=largest).text_theme, role.name.lower())
        assert grown.size == style_of(role, largest).size > style.size
        assert grown.weight == style.weight
    assert style_of(Type.BODY, largest).size == 1.5 * STYLES[Type.BODY].size
    assert style_of(Type.BAR, largest).size < 1.35 * STYLES[Type.BAR].size, "a bar is of a fixed height"


@pytest.mark.parametrize("dark", [False, True])
def test_what_is_typed_and_every_word_of_material_stands_out_from_a_card(dark):
    ground = (DARK if dark else LIGHT)["surface_container_low"]
    for role in STYLES:
        style = getattr(theme(dark=dark).text_theme, role.name.lower())
        assert contrast(style.color, ground) >= TEXT, role


def test_what_is_pressed_is_large_enough_for_a_thumb():
    assert min(Size.TARGET, Size.BUTTON) >= 48
