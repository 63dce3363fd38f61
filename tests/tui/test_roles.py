"""Styles by role: every theme has each of them."""

from __future__ import annotations

import asyncio

from rich.style import Style
from textual.app import App
from textual.theme import BUILTIN_THEMES

from tui_downloader.tui import theme
from tui_downloader.tui.widgets.roles import role_styles


def styles_of(*names: str) -> dict[str, dict[str, Style]]:
    """Return the styles in some themes."""
    found = {}

    async def run() -> None:
        app: App[object] = App()
        for each in theme.ALL:
            app.register_theme(each)
        async with app.run_test() as pilot:
            for name in names:
                app.theme = name
                await pilot.pause()
                found[name] = role_styles(app)

    asyncio.run(run())
    return found


def test_every_theme_that_can_be_chosen_has_every_role() -> None:
    found = styles_of(*BUILTIN_THEMES, *(each.name for each in theme.ALL))
    for name, styles in found.items():
        coloured = [role for role in styles if role not in {"strong", "chosen", "trough", "cursor"}]
        assert all(styles[role].color is not None for role in coloured), name
        assert styles["trough"].bgcolor is not None, name
        assert styles["cursor"].reverse or styles["cursor"].bgcolor is not None, name


def test_the_cursor_is_told_apart_in_our_themes() -> None:
    dark, sixteen = styles_of(theme.DARK.name, theme.SIXTEEN.name).values()
    assert dark["cursor"] == Style(bgcolor="#222a35")
    assert dark["trough"] == Style(bgcolor="#28313d")
    assert sixteen["cursor"] == Style(reverse=True)
    assert str(sixteen["active"]) == "color(6)"
