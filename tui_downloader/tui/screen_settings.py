"""The settings file under an open screen: noticed when it changes, and made when the user wants to edit it.

Owns the look at the file and its first text. Must never touch a widget: the feed's thread asks it.
"""

from __future__ import annotations

import dataclasses
import json
import shlex
from collections.abc import Mapping
from pathlib import Path

from tui_downloader import paths, settings
from tui_downloader.errors import SettingsError
from tui_downloader.settings import Settings
from tui_downloader.tui.messages import ActionFailed, SettingsRead

_HEAD = """\
# Settings of tuidl. Each line shows a default: take the # away to change it. An open screen and a running worker
# take changes up within a second; a wrong value is named with its line, and the old settings stay.
"""
_KEYMAP_HEAD = """
[keymap]  # keys like q, Q, ctrl+q, f2, enter; several with commas between
"""


class SettingsWatch:
    """Reads the settings file again when it has changed."""

    def __init__(self, path: Path) -> None:
        """Takes the file as it is now for known; it may be missing."""
        self.path = path
        self._seen = _stamp(path)

    def look(self) -> SettingsRead | ActionFailed | None:
        """Returns what to tell the screen if the file has changed since the last look; `None` if it has not."""
        stamp = _stamp(self.path)
        if stamp == self._seen:
            return None
        self._seen = stamp
        try:
            return SettingsRead(checked(settings.load(self.path), self.path))
        except SettingsError as error:
            return ActionFailed(f"{str(error).rstrip('.')}. The old settings stay.")


def default_directory(settings: Settings) -> Path:
    """Returns where the screen saves: the chosen directory, else the downloads folder, else the current one."""
    if settings.directory:
        return Path(settings.directory).expanduser().absolute()
    return paths.downloads_directory() or Path.cwd()


def checked(loaded: Settings, path: Path) -> Settings:
    """Returns settings whose theme and keys exist.

    Args:
        loaded: What the file says.
        path: The file, for the sentence.

    Raises:
        SettingsError: There is no such theme, action or key, or a key is taken.
    """
    from tui_downloader.tui.theme import NAMES

    if loaded.theme not in NAMES:
        place = settings.place_of(path, "theme")
        raise SettingsError(f"{place}: there is no theme “{repr(loaded.theme[:80])[1:-1]}”: {', '.join(NAMES)}")
    if loaded.keymap:
        from tui_downloader.tui.keymap import check_keymap

        check_keymap(loaded.keymap, path)
    return loaded


def editor(environment: Mapping[str, str]) -> list[str] | None:
    """Returns the command of the user's editor, `VISUAL` before `EDITOR`; `None` if neither is set."""
    chosen = environment.get("VISUAL") or environment.get("EDITOR") or ""
    try:
        return shlex.split(chosen) or None
    except ValueError:
        return [chosen]


def create(path: Path) -> None:
    """Writes a settings file that changes nothing yet, with every default as a comment; an existing one stays.

    Raises:
        OSError: It cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        with path.open("x", encoding="utf-8") as file:
            file.write(template())


def template() -> str:
    """Returns the text of a settings file that changes nothing."""
    from tui_downloader.tui.keymap import bound_actions

    lines = [_HEAD]
    for each in dataclasses.fields(Settings):
        if each.default is dataclasses.MISSING:
            continue
        meta = each.metadata
        bounds = f", {meta['low']:.15g} … {meta['high']:.15g}" if "high" in meta else ""
        values = f": {', '.join(meta['values'])}" if meta.get("values") else ""
        lines.append(
            f"# {meta['meaning']}{values} ({meta['unit']}{bounds})\n# {each.name} = {json.dumps(each.default)}"
        )
    lines.append(_KEYMAP_HEAD)
    lines += [
        f"# {each.identifier} = {json.dumps(','.join(each.keys))}  # {each.description}"
        for each in bound_actions()
    ]
    return "\n".join(lines) + "\n"


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """Returns what changes when the file does; `None` if it is not there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
