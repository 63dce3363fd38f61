"""Every limit of the program with its unit, default and bounds; loads them from `settings.toml`.

Owns the names and bounds of settings. Must never write the file or guess at a wrong value: it names the line.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tui_downloader.errors import SettingsError

if TYPE_CHECKING:
    from typing import Any


def _number(
    default: float, low: float, high: float, unit: str, meaning: str, *, never: float | None = None
) -> Any:
    """Makes a dataclass field that carries bounds, unit and meaning of a number; `never` is what “never” means."""
    bounds = {"low": low, "high": high, "unit": unit, "meaning": meaning, "never": never}
    return field(default=default, metadata=bounds)


def _choice(default: str | bool, unit: str, meaning: str, values: tuple[str, ...] = ()) -> Any:
    """Makes a dataclass field of a text or a yes/no; `values` are all a text can be, if it cannot be any."""
    return field(default=default, metadata={"unit": unit, "meaning": meaning, "values": values})


def _table(unit: str, meaning: str) -> Any:
    """Makes a dataclass field of a table of texts, by name."""
    return field(default_factory=dict, metadata={"unit": unit, "meaning": meaning})


def _command(meaning: str) -> Any:
    """Makes a dataclass field of an argument vector: a program and its arguments, no shell; empty is none."""
    return field(default=(), metadata={"unit": "command", "meaning": meaning})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The program's settings; each field's metadata holds `low`, `high`, `unit` and `meaning`."""

    downloads_at_once: int = _number(4, 1, 64, "downloads", "transfers that run at the same time")
    bytes_per_second_max: int = _number(0, 0, 10**12, "bytes/s", "speed limit of all together; 0 is none")
    directory: str = _choice("", "path", "where the screen saves; empty is the downloads folder")
    connect_seconds: float = _number(20.0, 0.1, 600, "s", "limit for name look-up, TCP and TLS together")
    header_seconds: float = _number(30.0, 0.1, 600, "s", "limit from the sent request to the whole header")
    minimum_speed_bytes: int = _number(256, 0, 10**9, "bytes/s", "slower than this for a while is a stall")
    minimum_speed_seconds: float = _number(30.0, 0.5, 3600, "s", "how long a transfer may stay below that speed")
    redirects_max: int = _number(10, 0, 50, "redirects", "hops followed before giving up")
    retry_first_seconds: float = _number(1.0, 0.05, 600, "s", "first wait before trying again; it doubles")
    retry_cap_seconds: float = _number(600.0, 0.05, 86_400, "s", "longest wait before trying again")
    offline_probe_seconds: float = _number(10.0, 0.1, 3600, "s", "how often one download looks for the network")
    give_up_seconds: float = _number(604_800.0, 1, 31_536_000, "s", "without progress for so long: gave up")
    restarts_max: int = _number(5, 0, 100, "restarts", "starts over from zero before giving up")
    allow_insecure: bool = _choice(False, "yes/no", "follow a redirect from https to http")
    allow_private: bool = _choice(False, "yes/no", "follow a redirect into a private network")
    record_sha256: bool = _choice(True, "yes/no", "record the SHA-256 of every finished file")
    worker_idle_seconds: float = _number(2.0, 0.0, 86_400, "s", "an idle worker leaves after this")
    keep_days: float = _number(
        30.0,
        0,
        36_500,
        "days",
        'finished downloads leave the list after this, files stay; 0 or "never": they stay',
        never=0,
    )
    journal_days: float = _number(30.0, 1, 3650, "days", "how long events are kept")
    journal_events: int = _number(100_000, 1000, 10_000_000, "events", "how many events are kept")
    on_completed: tuple[str, ...] = _command("run when a file is complete: a program and its arguments")
    on_failed: tuple[str, ...] = _command("run when a download has failed: the same")
    hook_seconds: float = _number(300.0, 1, 86_400, "s", "such a program is ended when it runs longer")
    notifications: str = _choice(
        "auto",
        "name",
        "who tells that something has ended: desktop, terminal, both (auto)",
        ("auto", "desktop", "terminal", "off"),
    )
    theme: str = _choice("auto", "name", "the screen’s colours: auto, dark, light, or one of Textual’s themes")
    glyphs: str = _choice("auto", "name", "the screen’s signs", ("auto", "unicode", "ascii"))
    images: str = _choice(
        "auto",
        "name",
        "how pictures are drawn",
        ("auto", "kitty", "iterm", "sixel", "symbols", "half", "off"),
    )
    keymap: Mapping[str, str] = _table("keys", "`[keymap]`: other keys for an action of the screen, by its id")


DEFAULTS = Settings()
"""What holds without a settings file."""


def load(path: Path) -> Settings:
    """Reads the settings file.

    Args:
        path: The TOML file; a missing one gives the defaults.

    Returns:
        The settings.

    Raises:
        SettingsError: The file cannot be read, is not TOML, or has an unknown key or a value out of bounds.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return DEFAULTS
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The settings file {path} cannot be read: {error}.") from error
    import tomllib  # late: most users have no such file

    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"The settings file {path} is not TOML: {error}.") from error
    return _checked(values, text=text, path=path)


def _checked(values: dict[str, object], *, text: str, path: Path) -> Settings:
    """Checks every value against its field."""
    fields = {each.name: each for each in dataclasses.fields(Settings)}
    chosen: dict[str, object] = {}
    for key, value in values.items():
        place = f"{path}, line {_line_of(key, text)}"  # as `place_of` has it
        if key not in fields:
            raise SettingsError(f"{place}: {unknown_key(key)}")
        chosen[key] = _meant(fields[key], value)
        problem = _problem(fields[key], chosen[key])
        if problem:
            raise SettingsError(f"{place}: {key} = {value!r} cannot be used: {problem}.")
        chosen[key] = tuple(value) if isinstance(value, list) else chosen[key]
    return dataclasses.replace(DEFAULTS, **chosen)  # type: ignore[arg-type]  # each value was checked above


def _meant(setting: dataclasses.Field[Any], value: object) -> object:
    """Returns the number that a word stands for, else the value itself."""
    never = setting.metadata.get("never")
    return never if value == "never" and never is not None else value


def unknown_key(key: str) -> str:
    """Words that there is no such setting, and which one may have been meant."""
    import difflib  # for mistakes only

    near = difflib.get_close_matches(key, [each.name for each in dataclasses.fields(Settings)], n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"there is no setting “{repr(key[:80])[1:-1]}”{hint}"  # controls escaped


def _problem(setting: dataclasses.Field[Any], value: object) -> str | None:
    """Says what is wrong with a value, or `None`."""
    if setting.default_factory is dict:
        ok = isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
        return None if ok else "it takes lines of a name and a text in quotes"
    kind: type = type(setting.default)
    if kind is tuple:
        return _command_problem(value)
    if kind is bool or isinstance(value, bool):
        return None if isinstance(value, bool) and kind is bool else f"it takes {_kind_words(kind)}"
    if kind is float and isinstance(value, int):
        value = float(value)
    if not isinstance(value, kind):
        return f"it takes {_kind_words(kind)}"
    if (values := setting.metadata.get("values")) and value not in values:
        return f"it takes {', '.join(values[:-1])} or {values[-1]}"
    if isinstance(value, (int, float)):
        low, high = setting.metadata["low"], setting.metadata["high"]
        if not low <= value <= high:
            return f"it goes from {low} to {high} {setting.metadata['unit']}"
    return None


def _command_problem(value: Any) -> str | None:
    """Says what is wrong with an argument vector, or `None`."""
    ok = isinstance(value, list) and value[:1] != [""]
    if ok and all(isinstance(each, str) and "\0" not in each for each in value):
        return None
    return 'it takes the program and its arguments as a list: ["/home/me/bin/done", "--quiet"]'


def _kind_words(kind: type) -> str:
    """Names a type for people."""
    return {bool: "true or false", int: "a whole number", float: "a number", str: "a text in quotes"}[kind]


def lines_of(path: Path) -> dict[str, int]:
    """Returns which keys a settings file sets, and in which line each stands.

    Args:
        path: One that `load` has taken; a missing one sets nothing.
    """
    import tomllib

    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    return {key: _line_of(key, text) for key in tomllib.loads(text)}


def place_of(path: Path, key: str) -> str:
    """Words where a key or table stands in the file: `/home/me/settings.toml, line 3`."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return str(path)  # it was changed meanwhile
    return f"{path}, line {_line_of(key, text)}"


def _line_of(key: str, text: str) -> int:
    """Finds the line (from 1) where a top-level key or table stands."""
    pattern = re.compile(rf"\s*\[*\s*[\"']?{re.escape(key)}[\"']?\s*[=.\]]")
    for number, line in enumerate(text.splitlines(), start=1):
        if pattern.match(line):
            return number
    return 1
