"""Both themes can be read: every pair of text and background stands at 4.5 : 1 or better."""

from __future__ import annotations

import itertools

import pytest
from textual.color import Color
from textual.theme import Theme

from tui_downloader.tui import theme

TEXTS = ("foreground", "text-muted", "primary", "success", "warning", "error", "accent")
BACKGROUNDS = ("background", "boost", "surface", "panel")


def luminance(color: Color) -> float:
    """Return the relative luminance (WCAG 2)."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in color.normalized)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    """Return the contrast ratio (WCAG 2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("each", [theme.DARK, theme.LIGHT], ids=lambda each: each.name)
def test_every_pair_can_be_read(each: Theme) -> None:
    variables = each.to_color_system().generate()
    pairs = itertools.product(TEXTS, BACKGROUNDS)
    for text, background in pairs:
        ratio = contrast(Color.parse(variables[text]), Color.parse(variables[background]))
        assert ratio >= 4.5, f"{text} on {background}: {ratio:.2f}"


@pytest.mark.parametrize(
    ("colors", "expected"),
    [("15;0", "tuidl-dark"), ("0;15", "tuidl-light"), ("0;default;15", "tuidl-light"), ("", "tuidl-dark")],
)
def test_the_terminal_tells_its_background(colors: str, expected: str) -> None:
    assert theme.suiting({"COLORFGBG": colors}).name == expected
    assert theme.suiting({"COLORFGBG": colors}, is_light=True).name == "tuidl-light", "its own answer counts more"
    assert theme.suiting({"COLORFGBG": colors}, is_light=False).name == "tuidl-dark"


@pytest.mark.parametrize(
    ("setting", "expected"),
    [("auto", "tuidl-light"), ("dark", "tuidl-dark"), ("light", "tuidl-light"), ("nord", "nord")],
)
def test_the_setting_decides(setting: str, expected: str) -> None:
    assert theme.chosen(setting, {}, color_system="truecolor", is_light=True) == expected


def test_sixteen_colours_are_the_terminals_own() -> None:
    assert theme.chosen("auto", {"COLORFGBG": "0;15"}, color_system="standard") == theme.SIXTEEN.name
    each = theme.SIXTEEN
    variables = each.to_color_system().generate()
    shown = {role: variables[role] for role in ("primary", "success", "warning", "error", "accent", "text-muted")}
    assert shown == {
        "primary": "ansi_cyan",
        "success": "ansi_green",
        "warning": "ansi_yellow",
        "error": "ansi_red",
        "accent": "ansi_magenta",
        "text-muted": "ansi_bright_black",
    }
