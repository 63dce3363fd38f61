"""`tuidl verify`: whether finished files still have the digest that was recorded of them.

Owns the reading of files for that. Must never change a file or a row, nor read what is no regular file.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import click

from tui_downloader import units
from tui_downloader.cli import output, selection
from tui_downloader.cli.completion import complete_subjects
from tui_downloader.cli.examples import examples
from tui_downloader.cli.exit_codes import ExitCode
from tui_downloader.cli.invocation import Invocation, global_options
from tui_downloader.errors import PreviewError
from tui_downloader.model.display_text import safe
from tui_downloader.model.download import Digest, Download
from tui_downloader.model.lifecycle import State
from tui_downloader.preview.regular_file import open_regular

USUAL = "sha-256"
"""Algorithm for files of which nothing is recorded."""
BAR_BYTES_MIN = 100_000_000
"""A smaller file is read before a bar would be seen."""

_READ_BYTES = 1024 * 1024

Show = Callable[[int], None]
"""Called with the number of bytes read so far."""


class Verdict(StrEnum):
    """How a file compares with what is recorded."""

    OK = "ok"
    DIFFERS = "differs"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    UNFINISHED = "unfinished"
    NOT_RECORDED = "not recorded"


BAD = frozenset({Verdict.DIFFERS, Verdict.MISSING, Verdict.UNREADABLE, Verdict.UNFINISHED})
"""Verdicts that end in exit code 1."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A file to look at."""

    path: Path | None
    """Where it is; `None` if it has no name yet."""
    download: Download | None
    """Whose it is; `None` for a file of nobody's."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found."""

    subject: Subject
    """The file."""
    verdict: Verdict
    """How it compares."""
    algorithm: str | None = None
    """Of both digests."""
    computed: str | None = None
    """Hexadecimal digest of the file; `None` if it could not be read."""
    error: str | None = None
    """Why it could not be read; `None` if it could."""


@click.command(epilog=examples("tuidl verify", "tuidl verify 3 ~/Downloads/disk.iso"))
@click.argument("subjects", nargs=-1, metavar="[ID|PATH]...", shell_complete=complete_subjects)
@click.option("--json", "as_json", is_flag=True, help="As a JSON array.")
@global_options
@click.pass_obj
def command(invocation: Invocation, subjects: tuple[str, ...], as_json: bool) -> int:
    """Compare finished files with the digests recorded of them; only reads.

    Without arguments all finished ones. A file whose name is a number: ./7
    """
    downloads = invocation.session().snapshots()
    chosen, missing = _choose(subjects, downloads)
    findings = []
    for subject in chosen:
        findings.append(verify(subject))
        if not as_json:
            output.emit([_line(findings[-1])])
    if as_json:
        output.emit_json_array([_as_json(each) for each in findings])
    elif not findings and not missing:
        output.narrate("Nothing is finished here yet.")
    if missing:
        output.narrate(f"There is no download {', '.join(str(each) for each in missing)}.")
        return ExitCode.NO_SUCH_ID
    return ExitCode.FAILED if any(each.verdict in BAD for each in findings) else ExitCode.DONE


def _choose(words: Sequence[str], downloads: Sequence[Download]) -> tuple[list[Subject], list[int]]:
    """Finds what is meant; returns it, and the ids that are not there."""
    if not words:
        return [_subject(each) for each in downloads if each.state is State.COMPLETED], []
    by_id = {each.id: each for each in downloads}
    chosen, missing = [], []
    for word in dict.fromkeys(words):
        if not (word.isascii() and word.isdigit()):
            chosen.append(_of_path(Path(word).absolute(), downloads))
        elif (download_id := selection.ID(word)) in by_id:
            chosen.append(_subject(by_id[download_id]))
        else:
            missing.append(download_id)
    return chosen, missing


def _subject(download: Download) -> Subject:
    """Returns a download's file."""
    return Subject(download.path, download)


def _of_path(path: Path, downloads: Sequence[Download]) -> Subject:
    """Returns a file by its path; its download is the last one that was finished there."""
    place = os.path.realpath(path.parent)
    called_so = (each for each in reversed(downloads) if each.filename == path.name)
    finished = (each for each in called_so if each.state is State.COMPLETED)
    return Subject(path, next((each for each in finished if os.path.realpath(each.directory) == place), None))


def verify(subject: Subject) -> Finding:
    """Reads a file and compares it with what is recorded of it.

    Args:
        subject: The file.

    Returns:
        What was found; a file that cannot be read is no error.
    """
    download, path = subject.download, subject.path
    if path is None or (download is not None and download.state is not State.COMPLETED):
        return Finding(subject, Verdict.UNFINISHED)
    recorded = download.digest if download is not None else None
    algorithm = recorded.algorithm if recorded else USUAL
    try:
        computed = _digest(path, algorithm)
    except PreviewError as error:
        gone = isinstance(error.__cause__, FileNotFoundError | NotADirectoryError)
        return Finding(subject, Verdict.MISSING if gone else Verdict.UNREADABLE, algorithm, error=str(error))
    except OSError as error:
        return Finding(subject, Verdict.UNREADABLE, algorithm, error=error.strerror or "it cannot be read")
    return Finding(subject, _verdict(recorded, computed), algorithm, computed)


def _verdict(recorded: Digest | None, computed: str) -> Verdict:
    """Compares."""
    if recorded is None:
        return Verdict.NOT_RECORDED
    return Verdict.OK if computed == recorded.value else Verdict.DIFFERS


def _digest(path: Path, algorithm: str) -> str:
    """Computes a file's digest.

    Raises:
        PreviewError: It is no regular file, or may not be read.
        OSError: Reading failed.
    """
    descriptor, status = open_regular(path)
    digest = hashlib.new(algorithm.replace("-", ""), usedforsecurity=False)
    buffer, done = memoryview(bytearray(_READ_BYTES)), 0
    with os.fdopen(descriptor, "rb", buffering=0) as file, _progress(path, status.st_size) as show:
        while count := file.readinto(buffer):
            digest.update(buffer[:count])
            done += count
            show(done)
    return digest.hexdigest()


@contextlib.contextmanager
def _progress(path: Path, size: int) -> Iterator[Show]:
    """Shows how far the reading of a large file is, on a terminal."""
    if size < BAR_BYTES_MIN or not output.can_draw():
        yield _show_nothing
        return
    from tui_downloader.cli.progress_bars import reading_bar

    with reading_bar(safe(path.name), size) as show:
        yield show


def _show_nothing(_done: int) -> None:
    """Shows nothing."""


def _line(finding: Finding) -> str:
    """Words a finding on one line, safe to print."""
    download, path = finding.subject.download, finding.subject.path
    name = safe(str(path)) if path is not None else (download.shown_name if download is not None else "")
    number = str(download.id) if download is not None else units.UNKNOWN
    detail = finding.error or ""
    if finding.verdict is Verdict.NOT_RECORDED:
        detail = f"{finding.algorithm}:{finding.computed}"
    elif finding.verdict is Verdict.DIFFERS and download is not None and download.digest is not None:
        detail = f"{finding.algorithm} is {finding.computed}, recorded {safe(download.digest.value)}"
    return f"{finding.verdict.value:<12} {number:>4}  {name}{f' · {detail}' if detail else ''}"


def _as_json(finding: Finding) -> dict[str, object]:
    """Returns a finding as a JSON object."""
    download, path = finding.subject.download, finding.subject.path
    digest = download.digest if download is not None and finding.verdict is not Verdict.UNFINISHED else None
    return {
        "id": download.id if download is not None else None,
        "path": str(path) if path is not None else None,
        "verdict": finding.verdict.value.replace(" ", "-"),
        "algorithm": finding.algorithm,
        "recorded": digest.value if digest is not None else None,
        "computed": finding.computed,
        "error": finding.error,
    }
