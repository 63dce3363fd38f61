"""Builds what is distributed, with the backend that `pyproject.toml` names and nothing downloaded.

Owns the call of the backend. Must never write into the source tree.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def build(kind: str, directory: Path) -> Path:
    """Build a wheel or an sdist.

    Args:
        kind: `wheel` or `sdist`.
        directory: Where it is put.
    """
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(directory)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = directory.glob("*.whl" if kind == "wheel" else "*.tar.gz")
    return built
