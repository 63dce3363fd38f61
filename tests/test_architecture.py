"""Which part may import which, what a fresh process loads, and how long files and functions may be."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import tui_downloader
from tests.state.files import new_state_file
from tui_downloader.model.request import Request
from tui_downloader.state import downloads
from tui_downloader.state.database import Database

PACKAGE = "tui_downloader"
ROOT = Path(tui_downloader.__file__).parent

BASE = {"errors", "units", "paths", "settings"}
ALLOWED = {
    "__init__": {"api"},
    "api": {"errors", "model", "session"},
    "__main__": {"cli"},
    "errors": set(),
    "units": {"errors"},
    "paths": {"errors"},
    "settings": {"errors", "units"},
    "model": BASE,
    "protocol": BASE | {"model"},
    "engine": BASE | {"model", "protocol"},
    "state": BASE | {"model"},
    "notify": BASE | {"model"},
    "worker": BASE | {"model", "protocol", "engine", "state", "notify"},
    "session": BASE | {"model", "state"},
    "preview": BASE | {"model"},
    "demo": BASE | {"model"},
    "service": BASE | {"model", "session"},
    "doctor": BASE | {"model", "state", "session", "preview", "notify", "service"},
    "cli": BASE | {"model", "protocol", "session", "preview", "demo", "tui", "service", "doctor"},
    "tui": BASE | {"model", "session", "preview", "notify"},
}
"""Which parts of the package each part may import beside itself; all may ask for the version."""

OWNERS = {
    "sqlite3": {"state"},
    "httpx": {"engine"},
    "httpcore": {"engine"},
    "h11": {"engine"},
    "certifi": {"engine"},
    "socksio": {"engine"},
    "jeepney": {"notify"},
    "PIL": {"preview", "demo"},
    "textual": {"tui"},
    "rich": {"tui", "cli"},
    "click": {"cli"},
    "http_sf": {"protocol"},
    "platformdirs": {"paths"},
}
"""Which parts may import a library; one that is not here (and not Python's own) is nobody's."""

PILLOW_SIDE = {"colours", "decode_child", "partial", "raster"}
"""Modules of preview that only its child process loads."""

FIRST_FRAME = {
    "app cursor detail_words explanation feed feed_reader feed_verbs file_verbs filter free_space glyphs",
    "happening hints input_guard key_app keys launch layout limit_words list_pane listing messages notice opening",
    "order panes pasted_words pictures request_verbs screen_settings selection session_verbs side_pane",
    "snapshot steady_text styled_line terminal terminal_app terminal_driver terminal_memory terminal_query",
    "terminal_signs theme verbs view visit waiting_line words drawing drawing.canvas screens screens.main",
    "widgets widgets.banner widgets.download_list widgets.drawn_rows widgets.empty widgets.field",
    "widgets.filter_bar widgets.footer widgets.header widgets.line widgets.roles widgets.row widgets.rule",
    "widgets.views",
}
"""Modules of the screen that are loaded for its first frame. A new one makes every start slower: dialogs, tabs,
the looks at servers and the inbox come when the user or the feed's thread asks for them."""

LINES_MAX, FUNCTION_LINES_MAX, APP_LINES_MAX = 400, 60, 150
LAUNCHING = {"importlib", "runpy"}


@dataclass(frozen=True, slots=True)
class Module:
    """One source file."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        return ".".join(self.path.relative_to(ROOT).with_suffix("").parts)

    @property
    def part(self) -> str:
        return self.name.partition(".")[0]

    def imports(self) -> Iterator[str]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.name} has a relative import in line {node.lineno}"
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def modules() -> tuple[Module, ...]:
    paths = sorted(path for path in ROOT.rglob("*.py"))
    texts = [(path, path.read_text(encoding="utf-8")) for path in paths]
    return tuple(Module(path, text, ast.parse(text)) for path, text in texts)


def imported_parts() -> Iterator[tuple[str, str, str]]:
    """Yield each import of this package as module, its part, imported part."""
    for module in modules():
        for name in module.imports():
            top, _, rest = name.partition(".")
            if top == PACKAGE and rest != "__version__":
                yield module.name, module.part, rest.partition(".")[0]


def test_every_part_has_its_rule() -> None:
    assert {module.part for module in modules()} <= ALLOWED.keys()


def test_no_part_imports_one_that_it_may_not() -> None:
    wrong = [
        f"{name} imports {target}"
        for name, part, target in imported_parts()
        if target != part and target not in ALLOWED[part]
    ]
    assert not wrong, "\n".join(wrong)


def test_the_allowed_directions_have_no_circle() -> None:
    left = {part: set(others) for part, others in ALLOWED.items()}
    while left:
        done = {part for part, others in left.items() if not others & left.keys()}
        assert done, f"a circle among {sorted(left)}"
        for part in done:
            del left[part]


def test_each_library_is_imported_by_its_owners_only() -> None:
    known = sys.stdlib_module_names - OWNERS.keys()
    wrong = []
    for module in modules():
        libraries = {name.partition(".")[0] for name in module.imports()} - known - {PACKAGE}
        wrong += [
            f"{module.name} imports {each}" for each in libraries if module.part not in OWNERS.get(each, set())
        ]
    assert not wrong, "\n".join(wrong)


def test_only_the_child_side_of_preview_imports_pillow() -> None:
    importers = {
        module.path.stem
        for module in modules()
        if module.part == "preview" and any(name.partition(".")[0] == "PIL" for name in module.imports())
    }
    assert importers <= PILLOW_SIDE
    screens_side = [
        f"{name} imports {PACKAGE}.{target}"
        for module in modules()
        for name in [module.name]
        for target in (each.removeprefix(f"{PACKAGE}.") for each in module.imports())
        if target.split(".")[:1] == ["preview"]
        and target.split(".")[1:2]
        and target.split(".")[1] in PILLOW_SIDE
        and module.path.stem not in PILLOW_SIDE
    ]
    assert not screens_side, "\n".join(screens_side)


def test_modules_are_loaded_by_name_in_two_places_only() -> None:
    """Imports by computed name would slip past the checks above: the table of verbs, and Pillow's own plugins."""
    importers = {module.name for module in modules() if LAUNCHING & set(module.imports())}
    assert importers <= {"cli.verbs", "preview.raster"}


# ------------------------------------------------------------------------------------------- in a fresh process


def loaded_by(program: str, *arguments: str, cwd: Path) -> set[str]:
    """Return the top-level names that a program loads."""
    return {name.partition(".")[0] for name in modules_of(program, *arguments, cwd=cwd)}


def modules_of(program: str, *arguments: str, cwd: Path) -> list[str]:
    """Return the modules that a program loads, run as the worker is: without the current directory."""
    end = "; import json, sys; sys.stdout.flush(); sys.__stderr__.write('\\n' + json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-P", "-c", program + end, *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    names: list[str] = json.loads(done.stderr.splitlines()[-1])
    return names


def names_of(part: str, *, but: set[str] = frozenset()) -> list[str]:  # type: ignore[assignment]  # empty is empty
    found = [module.name for module in modules() if module.part == part and module.path.stem not in but]
    return [f"{PACKAGE}.{name.removesuffix('.__init__')}" for name in found]


def test_the_worker_loads_no_screen_no_command_line_and_no_pillow(tmp_path: Path) -> None:
    loaded = loaded_by(f"import {', '.join(names_of('worker'))}", cwd=tmp_path)
    assert "sqlite3" in loaded
    assert not loaded & {"textual", "rich", "click", "PIL"}
    assert not loaded & {"httpx", "httpcore", "h11"}, "the first request of a new worker would wait for them"


def test_the_session_loads_no_engine_and_no_screen(tmp_path: Path) -> None:
    loaded = loaded_by(f"import {', '.join(names_of('session'))}", cwd=tmp_path)
    assert "sqlite3" in loaded
    assert not loaded & {"httpx", "ssl", "textual", "rich", "PIL", "click"}


def test_model_and_protocol_load_no_part_of_the_product_but_themselves(tmp_path: Path) -> None:
    loaded = loaded_by(f"import {', '.join([*names_of('model'), *names_of('protocol')])}", cwd=tmp_path)
    assert not loaded & (OWNERS.keys() - {"http_sf"})


def test_the_screens_side_of_preview_loads_no_pillow(tmp_path: Path) -> None:
    loaded = loaded_by(f"import {', '.join(names_of('preview', but=PILLOW_SIDE))}", cwd=tmp_path)
    assert not loaded & {"PIL", "textual", "rich", "httpx", "sqlite3"}


@pytest.mark.parametrize("arguments", [["list"], ["list", "--json"], ["--version"], ["pause", "--help"]])
def test_the_command_line_loads_no_screen_and_no_engine(
    arguments: list[str], own_environment: Path, tmp_path: Path
) -> None:
    path = new_state_file(own_environment / "state" / "sessions" / "default")
    database = Database(path)
    with database.transaction() as transaction:
        request = Request(url="https://example.com/a.iso", directory=tmp_path, paused=True)
        downloads.insert(transaction, request, now=1.0)
    database.close()
    program = f"import sys; from {PACKAGE}.cli import main; assert main.exit_code(sys.argv[1:]) == 0"
    loaded = loaded_by(program, *arguments, cwd=tmp_path)
    assert "click" in loaded
    assert not loaded & {"textual", "rich", "httpx", "PIL"}


def test_the_screen_loads_no_engine_and_no_pillow(tmp_path: Path) -> None:
    loaded = loaded_by(f"import {PACKAGE}.tui.app", cwd=tmp_path)
    assert "textual" in loaded
    assert not loaded & {"httpx", "httpcore", "PIL"}


UNTIL_THE_FIRST_FRAME = f"""
import asyncio, json, os, sys
from {PACKAGE}.tui import launch
from {PACKAGE}.tui.app import TuidlApp
from {PACKAGE}.tui.feed import Feed

def leave(feed, receive):
    os.write(2, json.dumps(sorted(sys.modules)).encode())
    os._exit(0)

Feed.start = leave  # it is called after the first frame
TuidlApp.run = lambda app, **_: asyncio.run(app.run_async(headless=True, size=(120, 34)))
launch.run_screen()"""


@pytest.mark.usefixtures("own_environment")
def test_the_first_frame_loads_what_it_shows_and_no_more(tmp_path: Path) -> None:
    names = modules_of(f"exec({UNTIL_THE_FIRST_FRAME!r})", cwd=tmp_path)
    screen = {name.removeprefix(f"{PACKAGE}.tui.") for name in names if name.startswith(f"{PACKAGE}.tui.")}
    assert screen == {name for line in FIRST_FRAME for name in line.split()}
    late = {"model.probe", "model.recorded_exchange", "session.overview", "session.replay"}
    assert not {f"{PACKAGE}.{name}" for name in late} & set(names)


def test_the_package_itself_loads_nothing(tmp_path: Path) -> None:
    before = loaded_by("pass", cwd=tmp_path)
    assert loaded_by(f"import {PACKAGE}", cwd=tmp_path) - before == {PACKAGE}


# ------------------------------------------------------------------------------------------------------- sizes


def test_no_module_is_too_long() -> None:
    long = {module.name: len(module.text.splitlines()) for module in modules()}
    assert not {name: lines for name, lines in long.items() if lines > LINES_MAX}
    assert long.get("tui.app", 0) <= APP_LINES_MAX


def test_no_function_is_too_long() -> None:
    long = [
        f"{module.name}.{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > FUNCTION_LINES_MAX
    ]
    assert not long, "\n".join(long)


def test_every_module_says_what_it_owns() -> None:
    assert not [module.name for module in modules() if not ast.get_docstring(module.tree)]


def test_no_module_is_named_after_nothing() -> None:
    assert not [
        m.name for m in modules() if m.path.stem in {"utils", "helpers", "common", "misc", "util", "helper"}
    ]
