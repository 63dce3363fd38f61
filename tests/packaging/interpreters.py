"""Which Pythons this machine has, beside the one that runs.

Owns the search. Must never install anything.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

VERSIONS = ("3.11", "3.12", "3.13")
"""The versions that the package says it runs on."""


def interpreters() -> dict[str, str]:
    """Return a working interpreter for each of the versions that are there."""
    found = {version: next(filter(_works, _candidates(version)), "") for version in VERSIONS}
    return {version: path for version, path in found.items() if path}


def _candidates(version: str) -> list[str]:
    on_path = shutil.which(f"python{version}")
    kept_by_pyenv = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python{version}"))
    return [*([on_path] if on_path else []), *map(str, kept_by_pyenv)]


def _works(path: str) -> bool:
    """Tell whether it runs (a shim of pyenv may not) and can make environments."""
    done = subprocess.run([path, "-c", "import venv, ensurepip, sqlite3, ssl"], capture_output=True, check=False)
    return done.returncode == 0


if __name__ == "__main__":  # what `.ci/run` asks: the newest other version, or nothing
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    print(*[path for version, path in interpreters().items() if version != running][-1:])
