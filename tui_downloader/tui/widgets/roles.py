"""Styles by role, for widgets that draw their lines themselves (SCREEN section 10).

Owns which of the theme's colours a role has. Component classes would do the same, but cost the first frame a
tenth.
"""

from __future__ import annotations

from collections.abc import Mapping

from rich.style import Style
from textual.app import App
from textual.color import Color

_TEXTS = {
    "strong": ("", "bold"),
    "chosen": ("", "bold underline"),
    "quiet": ("text-muted", ""),
    "active": ("primary", ""),
    "good": ("success", ""),
    "wait": ("warning", ""),
    "bad": ("error", ""),
    "key": ("accent", "bold"),
    "mark": ("accent", ""),
}
"""The theme variable and the attributes of each role."""
_WITHOUT_COLOUR = {"quiet": "dim", "active": "bold", "bad": "bold"}
_BRIGHT_BLACK = Color.parse("ansi_bright_black")


def role_styles(app: App[object]) -> dict[str, Style]:
    """Returns the style of each role in the theme of an application.

    `trough` and `cursor` are backgrounds: of the empty part of a bar, and of the row under the cursor.
    """
    variables, colourless, sixteen = app.theme_variables, app.no_color, app.native_ansi_color
    styles = {role: _text(role, variables, colourless=colourless) for role in _TEXTS}
    trough = _BRIGHT_BLACK if sixteen else _color("panel", variables)
    cursor = Style() if sixteen else Style(bgcolor=_color("boost", variables).rich_color)
    if sixteen or colourless:
        cursor += Style(reverse=True)
    return {**styles, "trough": Style(bgcolor=trough.rich_color), "cursor": cursor}


def _text(role: str, variables: Mapping[str, str], *, colourless: bool) -> Style:
    """Makes the style of a text from the theme's variables."""
    variable, attributes = _TEXTS[role]
    style = Style.parse(attributes)
    if colourless:
        return style + Style.parse(_WITHOUT_COLOUR.get(role, ""))
    return style + Style(color=_color(variable, variables).rich_color) if variable else style


def _color(variable: str, variables: Mapping[str, str]) -> Color:
    """Returns a theme's colour on its background; `auto 60%` is what stands out from that, at that strength."""
    background = Color.parse(variables["background"])
    name, _, strength = variables[variable].partition(" ")
    part = float(strength.removesuffix("%") or 100) / 100
    color = background.get_contrast_text(part) if name == "auto" else Color.parse(name).multiply_alpha(part)
    return color if color.a == 1 or color.ansi is not None else background + color
