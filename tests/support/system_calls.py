"""The system calls of a worker, recorded by strace, in the order the kernel saw them.

Owns running a worker under strace and reading what it wrote. Must never judge what the calls mean.
"""

from __future__ import annotations

import ast
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

STRACE = shutil.which("strace")
"""The program; `None` where it is not installed."""

_DATA_BYTES = 4096
"""How much of each written block is recorded: a whole page of SQLite."""
_NAMES = (
    *("?open", "openat", "?creat", "write", "pwrite64", "?pwritev", "ftruncate", "fsync", "fdatasync"),
    *("?link", "linkat", "?unlink", "unlinkat", "?rename", "?renameat", "?renameat2"),
)
"""The calls that change files; a question mark stands before those that some processors do not have."""

_LINE = re.compile(r"(\d+) +(.*)")
_UNFINISHED = " <unfinished ...>"
_RESUMED = re.compile(r"<\.\.\. (\w+) resumed>(.*)")
_CALL = re.compile(r"(\w+)\((.*)\) += (-?\d+|\?)")
_DESCRIPTOR = re.compile(r"\d+<(.*?)>")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"(\.\.\.)?')


@dataclass(frozen=True, slots=True)
class Call:
    """One call that returned."""

    name: str
    """Its name."""
    arguments: str
    """All arguments, as strace writes them."""
    result: int
    """What it returned; -1 is an error."""
    began: int
    """Its place among all beginnings and ends."""
    ended: int
    """The place of its end; `began` itself if nothing came in between."""

    @property
    def descriptor_path(self) -> str | None:
        """The path that its first argument, a descriptor, was opened with; `None` if that is none."""
        match = _DESCRIPTOR.match(self.arguments)
        return match[1] if match else None

    @property
    def strings(self) -> tuple[bytes, ...]:
        """Its texts in order: paths, data; data is cut after a page."""
        return tuple(_decoded(match[1]) for match in _STRING.finditer(self.arguments))

    @property
    def paths(self) -> tuple[str, ...]:
        """Its texts as paths."""
        return tuple(each.decode() for each in self.strings)

    @property
    def flags(self) -> frozenset[str]:
        """The flags of opening among its arguments."""
        return frozenset(re.findall(r"\bO_[A-Z]+\b", _STRING.sub("", self.arguments)))

    @property
    def offset(self) -> int:
        """Its last argument, which for a `pwrite64` is the offset."""
        return int(self.arguments.rpartition(", ")[2])


def why_not_traceable(scratch: Path) -> str | None:
    """Say why nothing can be traced here; `None` if it can.

    Args:
        scratch: A directory for a try.
    """
    if STRACE is None:
        return "strace is not installed"
    attempt = subprocess.run([STRACE, "-f", "-o", str(scratch / "try"), "true"], capture_output=True, check=False)
    return None if attempt.returncode == 0 else f"ptrace is forbidden here: {attempt.stderr.decode()[:200]}"


def write_tracing_python(path: Path, *, trace: Path, before: str = "true") -> None:
    """Write a script that is this Python interpreter under strace.

    Args:
        path: The script.
        trace: Where strace writes; for `read_calls`.
        before: A shell command that is run first.
    """
    command = [STRACE or "strace", "-f", "-y", "-s", str(_DATA_BYTES), "-o", str(trace)]
    command += ["-e", f"trace={','.join(_NAMES)}", "--", sys.executable]
    path.write_text(f'#!/bin/sh\n{before} && exec {shlex.join(command)} "$@"\n')
    path.chmod(0o700)


def read_calls(lines: Iterable[str]) -> list[Call]:
    """Read what strace wrote (`-f -y`): calls in the order of their ends; those that never ended are left out."""
    begun: dict[str, tuple[int, str]] = {}
    calls = []
    for number, line in enumerate(lines):
        match = _LINE.match(line)
        if match is None:
            continue
        process, text = match.groups()
        resumed = _RESUMED.match(text)
        began = number
        if text.endswith(_UNFINISHED):
            begun[process] = (number, text.removesuffix(_UNFINISHED))
            continue
        if resumed is not None:
            began, first = begun.pop(process)
            text = first + resumed[2]
        whole = _CALL.match(text)
        if whole is not None and whole[3] != "?":
            calls.append(Call(whole[1], whole[2], int(whole[3]), began, number))
    return calls


def _decoded(text: str) -> bytes:
    """Turn a text with C's escapes into bytes; Python's byte literals have the same ones."""
    value = ast.literal_eval(f'b"{text}"')
    assert isinstance(value, bytes)
    return value
