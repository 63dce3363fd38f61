"""`tuidl settings`: every setting, its value and where it comes from; and the file in the user's editor.

Must never write the file but to make it when it is edited for the first time.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from tui_downloader import paths, settings
from tui_downloader.cli import output
from tui_downloader.cli.completion import complete_settings
from tui_downloader.cli.examples import examples
from tui_downloader.cli.exit_codes import ExitCode
from tui_downloader.cli.invocation import Invocation, global_options
from tui_downloader.errors import InvalidInputError
from tui_downloader.model.display_text import safe
from tui_downloader.preview import ways
from tui_downloader.settings import Settings

_VARIABLES = {"images": ways.VARIABLE}
"""Settings that an environment variable overrides."""


class Shown(NamedTuple):
    """One setting as it holds now."""

    field: dataclasses.Field[object]
    """Its definition."""
    value: object
    """What holds."""
    source: str
    """Where that comes from: `default`, `file` or `environment`."""
    line: int | None
    """Where it stands in the file; `None` if it does not, or the environment overrides it."""


@click.command(
    epilog=examples("tuidl settings", "tuidl settings downloads_at_once --json", "tuidl settings --edit")
)
@click.argument("keys", nargs=-1, metavar="[KEY]...", shell_complete=complete_settings)
@click.option("--edit", is_flag=True, help="Open the file in VISUAL or EDITOR; it is made if there is none.")
@click.option("--json", "as_json", is_flag=True, help="As a JSON object.")
@global_options
@click.pass_obj
def command(_invocation: Invocation, keys: tuple[str, ...], edit: bool, as_json: bool) -> int:
    """Show the settings: each key, its value and where it comes from; or edit them."""
    path = paths.settings_file()
    if edit:
        if keys or as_json:
            raise click.UsageError("--edit takes nothing else.", click.get_current_context())
        return _edit(path)
    shown = [each for each in _settings(path, os.environ) if not keys or each.field.name in keys]
    unknown = [each for each in dict.fromkeys(keys) if each not in {one.field.name for one in shown}]
    for key in unknown:
        output.narrate(f"{settings.unknown_key(key)}.".replace("there", "There", 1).replace("?.", "?"))
    if as_json:
        output.emit_json(
            {"file": str(path), "exists": path.exists(), "settings": [_as_json(each) for each in shown]}
        )
    elif shown:
        output.emit(_table(shown))
        output.narrate(f"{'The file is' if path.exists() else 'There is no file yet:'} {path}")
    return ExitCode.USAGE if unknown else ExitCode.DONE


def _settings(path: Path, environment: Mapping[str, str]) -> list[Shown]:
    """Returns every setting in the order of their definition.

    Raises:
        SettingsError: The file cannot be used.
    """
    loaded, lines = settings.load(path), settings.lines_of(path)
    shown = []
    for field in dataclasses.fields(Settings):
        value, line = getattr(loaded, field.name), lines.get(field.name)
        overriding = environment.get(_VARIABLES.get(field.name, ""))
        if overriding:
            shown.append(Shown(field, overriding, "environment", None))
        else:
            shown.append(Shown(field, value, "default" if line is None else "file", line))
    return shown


def _table(shown: Sequence[Shown]) -> list[str]:
    """Lays settings out in aligned columns; safe to print."""
    rows = [
        (
            f"{each.field.name} = {_as_toml(each.value)}",
            str(each.field.metadata["unit"]),
            _source(each),
            str(each.field.metadata["meaning"]),
        )
        for each in shown
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]]) for row in rows
    ]


def _as_toml(value: object) -> str:
    """Writes a value as it stands in the file; a table in short."""
    if isinstance(value, Mapping):
        return safe("{" + ", ".join(f"{name} = {json.dumps(text)}" for name, text in value.items()) + "}")
    if isinstance(value, float):
        return f"{value:.15g}"
    return safe(json.dumps(value, ensure_ascii=False))


def _source(each: Shown) -> str:
    """Words where a value comes from."""
    if each.source == "environment":
        return _VARIABLES[each.field.name]
    return "default" if each.line is None else f"line {each.line}"


def _as_json(each: Shown) -> dict[str, object]:
    """Returns a setting as a JSON object."""
    meta, default = each.field.metadata, each.field.default
    return {
        "key": each.field.name,
        "value": dict(each.value) if isinstance(each.value, Mapping) else each.value,
        "default": {} if default is dataclasses.MISSING else default,
        "source": each.source,
        "line": each.line,
        "unit": meta["unit"],
        "low": meta.get("low"),
        "high": meta.get("high"),
        "values": list(meta.get("values", ())) or None,
        "meaning": meta["meaning"],
    }


def _edit(path: Path) -> int:
    """Opens the file in the user's editor, then says what is wrong with it.

    Raises:
        InvalidInputError: There is no editor, or the file cannot be made.
        SettingsError: The file cannot be used as it is now.
    """
    from tui_downloader.tui import screen_settings

    editor = screen_settings.editor(os.environ)
    if editor is None:
        raise InvalidInputError(f"Set VISUAL or EDITOR to edit the settings: {path}")
    try:
        screen_settings.create(path)
    except OSError as error:
        raise InvalidInputError(f"The settings file {path} cannot be made: {error.strerror}.") from error
    try:
        code = subprocess.run([*editor, str(path)], check=False).returncode
    except OSError as error:
        raise InvalidInputError(
            f"The editor “{safe(editor[0])}” cannot be started: {error.strerror}. The settings are in {path}"
        ) from error
    screen_settings.checked(settings.load(path), path)
    if code != 0:
        output.narrate(f"The editor “{safe(editor[0])}” ended with code {code}.")
        return ExitCode.FAILED
    return ExitCode.DONE
