"""Installs the wheel as users do, by pip, pipx and uv, on every Python that is there, and takes it away again.

Run by hand, since it downloads everything anew: `python -m tests.packaging [pip|pipx|uv]`. Must never touch an
environment that it did not make.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.packaging.interpreters import interpreters
from tests.packaging.wheels import build
from tests.support.fault_server import FaultServer, Resource, body

WAYS = ("pip", "pipx", "uv")
"""How users install it."""

_PASSED_ON = ("PIP_", "UV_", "SSL_CERT_")


def run(*argv: str | Path, environment: Mapping[str, str], cwd: Path) -> str:
    """Run a program that must succeed; return what it prints."""
    done = subprocess.run(
        [*map(str, argv)], env=environment, cwd=cwd, capture_output=True, text=True, check=False, timeout=900
    )
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, argv))} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def use(tuidl: Path, url: str, *, environment: Mapping[str, str], cwd: Path) -> str:
    """Download a file with an installed program; return the first lines of its version."""
    files = cwd / "files"
    files.mkdir(exist_ok=True)
    run(tuidl, "add", url, "-d", files, environment=environment, cwd=cwd)
    run(tuidl, "wait", environment=environment, cwd=cwd)
    (file,) = files.iterdir()
    if file.read_bytes() != body(1, 3_000_000):
        sys.exit(f"{file} is not what the server sent")
    file.unlink()
    run(tuidl, "stop", "--all-sessions", environment=environment, cwd=cwd)
    return ", ".join(run(tuidl, "--version", environment=environment, cwd=cwd).splitlines()[:4])


def install(
    way: str, python: str, wheel: Path, room: Path, environment: Mapping[str, str]
) -> tuple[Path, list[str]]:
    """Install in one way; return the program and the command line that takes it away."""
    tools = room / "tools"
    if way == "pip":
        run(python, "-m", "venv", room / "venv", environment=environment, cwd=room)
        run(room / "venv/bin/pip", "install", "-q", wheel, environment=environment, cwd=room)
        return room / "venv/bin/tuidl", [str(room / "venv/bin/pip"), "uninstall", "-q", "-y", "tuidl"]
    run(sys.executable, "-m", "venv", tools, environment=environment, cwd=room)
    run(tools / "bin/pip", "install", "-q", way, environment=environment, cwd=room)
    if way == "pipx":
        run(tools / "bin/pipx", "install", "--python", python, wheel, environment=environment, cwd=room)
        return room / "bin/tuidl", [str(tools / "bin/pipx"), "uninstall", "tuidl"]
    run(tools / "bin/uv", "tool", "install", "--python", python, wheel, environment=environment, cwd=room)
    return room / "bin/tuidl", [str(tools / "bin/uv"), "tool", "uninstall", "tuidl"]


def main() -> None:
    """Try every way on every Python."""
    with tempfile.TemporaryDirectory() as temporary, FaultServer() as server:
        wheel = build("wheel", Path(temporary))
        url = server.add("/file.bin", Resource(body(1, 3_000_000)))
        for version, python in interpreters().items():
            for way in sys.argv[1:] or WAYS:
                room = Path(temporary, f"{way}-{version}")
                room.mkdir()
                environment = {
                    "PATH": os.environ["PATH"],
                    "HOME": str(room),
                    "PIPX_HOME": str(room / "pipx"),
                    "PIPX_BIN_DIR": str(room / "bin"),
                    "UV_TOOL_DIR": str(room / "uv"),
                    "UV_TOOL_BIN_DIR": str(room / "bin"),
                    "UV_SYSTEM_CERTS": "1",  # a company's own authority is the system's matter
                    "UV_NATIVE_TLS": "1",  # the same word of an older uv
                    **{name: value for name, value in os.environ.items() if name.startswith(_PASSED_ON)},
                }
                tuidl, removal = install(way, python, wheel, room, environment)
                shown = use(tuidl, url, environment=environment, cwd=room)
                run(*removal, environment=environment, cwd=room)
                print(f"{version} {way:<5} {shown}; gone: {not tuidl.exists()}", flush=True)


if __name__ == "__main__":
    main()
