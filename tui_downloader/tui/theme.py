"""Colours: a dark and a light theme, and which of them suits the terminal.

Owns the values behind the theme variables (SCREEN section 10); every text colour stands 4.5 : 1 or better from
every background it is used on. Must never be asked for a colour by a widget: those name variables only.
"""

from __future__ import annotations

from collections.abc import Mapping

from textual.theme import BUILTIN_THEMES, Theme

DARK = Theme(
    name="tuidl-dark",
    primary="#5cc8dc",
    secondary="#8fb4d8",
    accent="#cf9bf0",
    success="#83c982",
    warning="#e3b45c",
    error="#f47f86",
    foreground="#dde3ea",
    background="#12161c",
    surface="#1a2029",
    panel="#28313d",
    dark=True,
    variables={
        "text-muted": "#97a3b2",
        "boost": "#222a35",
        "border": "#5f6c7c",
        "border-blurred": "#3a4552",
        "scrollbar": "#3a4552",
        "scrollbar-hover": "#5f6c7c",
        "scrollbar-active": "#5cc8dc",
        "scrollbar-background": "#12161c",
        "scrollbar-background-hover": "#12161c",
        "scrollbar-background-active": "#12161c",
    },
)
"""For dark terminals; what is taken when the terminal does not tell."""

LIGHT = Theme(
    name="tuidl-light",
    primary="#0a6577",
    secondary="#2f5c8a",
    accent="#7336a8",
    success="#22682c",
    warning="#7d5200",
    error="#ab2029",
    foreground="#1c232d",
    background="#fafbfc",
    surface="#f0f2f5",
    panel="#dfe4ea",
    dark=False,
    variables={
        "text-muted": "#525d6b",
        "boost": "#e6ebf0",
        "border": "#7a8694",
        "border-blurred": "#b3bcc7",
        "scrollbar": "#b3bcc7",
        "scrollbar-hover": "#7a8694",
        "scrollbar-active": "#0a6577",
        "scrollbar-background": "#fafbfc",
        "scrollbar-background-hover": "#fafbfc",
        "scrollbar-background-active": "#fafbfc",
    },
)
"""For light terminals."""


SIXTEEN = Theme(
    name="tuidl-sixteen",
    ansi=True,
    primary="ansi_cyan",
    secondary="ansi_cyan",
    accent="ansi_magenta",
    success="ansi_green",
    warning="ansi_yellow",
    error="ansi_red",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    dark=True,
    variables={
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
        "block-cursor-foreground": "ansi_black",
        "block-cursor-background": "ansi_white",
        "text-muted": "ansi_bright_black",
        "border": "ansi_bright_black",
        "border-blurred": "ansi_bright_black",
        "scrollbar": "ansi_bright_black",
        "scrollbar-background": "ansi_default",
    },
)
"""For terminals of 16 colours, in the terminal's own."""

ALL = (DARK, LIGHT, SIXTEEN)
"""Every theme."""


NAMES = ("auto", "dark", "light", *BUILTIN_THEMES)
"""What the setting can be; `auto` is what suits the terminal."""


def chosen(
    setting: str, environment: Mapping[str, str], *, color_system: str | None, is_light: bool | None = None
) -> str:
    """Returns the name of the theme to show.

    Args:
        setting: One of `NAMES`.
        environment: Environment variables.
        color_system: What the terminal can show: `standard` is 16 colours, `None` is none.
        is_light: What the terminal said of its background; `None` if nothing.
    """
    if setting in BUILTIN_THEMES:
        return setting
    if color_system == "standard":
        return SIXTEEN.name
    if setting == "auto":
        return suiting(environment, is_light=is_light).name
    return (LIGHT if setting == "light" else DARK).name


def suiting(environment: Mapping[str, str], *, is_light: bool | None = None) -> Theme:
    """Returns the theme for a terminal's background.

    Args:
        environment: Environment variables; `COLORFGBG` (`15;0`: foreground; background, as rxvt, Konsole and
            others set it) tells the background of a terminal that was not asked.
        is_light: What the terminal said of its background; `None` if nothing.
    """
    if is_light is None:
        is_light = environment.get("COLORFGBG", "").rpartition(";")[2] in {"7", "15"}
    return LIGHT if is_light else DARK
