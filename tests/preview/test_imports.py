"""What the screen's process may load, seen in a fresh interpreter."""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import tui_downloader.preview as package

_CHILD_ONLY = {"colours", "decode_child", "partial", "raster"}


def loaded_by(*modules: str) -> set[str]:
    program = f"import sys, json, {', '.join(modules)}; print(json.dumps(list(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, cwd=Path(__file__).parents[2]
    )
    return {name.partition(".")[0] for name in json.loads(done.stdout)}


def test_the_screens_side_loads_no_pillow() -> None:
    names = {module.name for module in pkgutil.iter_modules(package.__path__)}
    assert names > _CHILD_ONLY
    # Other modules of this folder may join; each of them keeps to the same rule.
    loaded = loaded_by(*(f"{package.__name__}.{name}" for name in sorted(names - _CHILD_ONLY)))
    assert not loaded & {"PIL", "textual", "rich", "httpx"}


def test_the_child_loads_no_screen() -> None:
    loaded = loaded_by(f"{package.__name__}.decode_child")
    assert "PIL" in loaded
    assert not loaded & {"textual", "rich", "httpx", "sqlite3"}
