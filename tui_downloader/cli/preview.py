"""`tuidl preview`: a picture in the plain terminal, or what there is to say about another file.

Owns the choice of file, window and way. Must never leave a terminal in the middle of an escape code.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import click

from tui_downloader.cli import output
from tui_downloader.cli.completion import complete_subjects
from tui_downloader.cli.drawing import draw
from tui_downloader.cli.examples import examples
from tui_downloader.cli.invocation import Invocation, global_options
from tui_downloader.errors import InvalidInputError, PreviewError, TuidlError
from tui_downloader.model.display_text import safe
from tui_downloader.model.lifecycle import State
from tui_downloader.preview import media_type
from tui_downloader.preview.cell_size import CellSize, WindowReport, cell_size, window_report
from tui_downloader.preview.decode import Decoder
from tui_downloader.preview.facts import FileFacts, describe_file
from tui_downloader.preview.picture import Picture
from tui_downloader.preview.printed import Window, box, colours, printed
from tui_downloader.preview.ways import CHOICES, VARIABLE, Way, chosen, has_true_colour, told
from tui_downloader.units import format_bytes, format_moment

_SIZE = re.compile(r"([0-9]{1,4})[xX×]([0-9]{1,4})")
_PIPE_COLUMNS, _PIPE_ROWS = 80, 24
_PROMPT_ROWS = 2
"""Rows of the window left for the facts and the next prompt."""


class Source(NamedTuple):
    """A file, and how much of it is there."""

    path: Path
    """The file."""
    prefix_bytes: int | None
    """How many bytes from its start are valid; `None` for all."""


@click.command(
    epilog=examples("tuidl preview 3", "tuidl preview photo.jpg --images symbols --size 80x24 | less -R")
)
@click.argument("subject", metavar="ID|PATH", shell_complete=complete_subjects)
@click.option("--size", metavar="WxH", help="Columns and rows at most; default: the window, in a pipe 80x24.")
@click.option(
    "--images",
    type=click.Choice(CHOICES),
    help=f"How to draw ({VARIABLE}); auto: what the terminal is known for.",
)
@global_options
@click.pass_obj
def command(invocation: Invocation, subject: str, size: str | None, images: str | None) -> int:
    """Draw a picture in the terminal, also of a running download; only reads."""
    answers = _answers(invocation)
    window, way = _window(size, answers), _way(images, answers)
    source = _source(invocation, subject)
    facts = describe_file(source.path, prefix_bytes=source.prefix_bytes)
    if facts.size is None:
        raise TuidlError(f"No preview: {facts.words}.")
    with Decoder() as decoder:
        if media_type.is_picture(facts.media_type) and not media_type.can_read(facts.media_type):
            _show_picture(decoder, source, facts, window, way)
        else:
            _show_words(decoder, source, facts)
    return 0


def _source(invocation: Invocation, subject: str) -> Source:
    """Finds the file: a number is a download, everything else (also `./3`) a path."""
    if not (subject.isascii() and subject.isdecimal()):
        return Source(Path(subject), None)
    session = invocation.session()
    download = session.download(int(subject))
    if download.state is State.COMPLETED and download.path is not None:
        return Source(download.path, None)
    prefix = session.inspect(download.id).received.contiguous
    if download.part_path is None or not prefix:
        raise TuidlError(f"No preview: nothing of download {download.id} is here yet ({download.state.value}).")
    return Source(download.part_path, prefix)


def _answers(invocation: Invocation) -> Mapping[str, str]:
    """Returns what the terminal told the screen about itself; nothing in a pipe. It is not asked here."""
    if not output.on_terminal():
        return {}
    from tui_downloader import paths
    from tui_downloader.tui.terminal_memory import recall, terminal_name

    state = invocation.chosen_state_directory or paths.state_directory()
    return recall(state, terminal_name(os.environ)) or {}


def _window(size: str | None, answers: Mapping[str, str]) -> Window:
    """Finds the room there is.

    Raises:
        InvalidInputError: The size is none.
    """
    columns, rows, cell = _terminal(answers.get("cell"))
    if size is not None:
        found = _SIZE.fullmatch(size.strip())
        if found is None or not all(0 < int(side) <= 1000 for side in found.groups()):
            raise InvalidInputError(f"“{size}” is no size; one is 80x24, columns by rows, 1 to 1000 each.")
        columns, rows = int(found[1]), int(found[2])
    true_colour = has_true_colour(os.environ) or not output.on_terminal()
    return Window(columns, rows, cell.width, cell.height, has_true_colour=true_colour)


def _terminal(answer: str | None) -> tuple[int, int, CellSize]:
    """Returns columns, rows and the size of a cell, of the terminal or as they usually are."""
    report = window_report(sys.stdout.fileno()) if output.on_terminal() else WindowReport(0, 0, 0, 0)
    cell = cell_size(report, os.environ, answer=answer)
    if not (report.columns and report.rows):
        return _PIPE_COLUMNS, _PIPE_ROWS, cell
    return report.columns, max(1, report.rows - _PROMPT_ROWS), cell


def _way(images: str | None, answers: Mapping[str, str]) -> Way:
    """Chooses how to draw: on a terminal as the screen does.

    Raises:
        InvalidInputError: The environment names a way that there is none of.
        SettingsError: The settings cannot be used.
    """
    if not output.on_terminal():
        return chosen(images, os.environ) or Way.SYMBOLS
    from tui_downloader import paths, settings

    setting = settings.load(paths.settings_file()).images
    return chosen(images, os.environ, setting=setting) or told(os.environ, answers)


def _show_picture(decoder: Decoder, source: Source, facts: FileFacts, window: Window, way: Way) -> None:
    """Draws a picture, its facts beside it on stderr."""
    picture: Picture | None = None
    if way is not Way.OFF:
        width, height = box(window, way)
        try:
            picture = decoder.decode(
                source.path,
                width_pixels=width,
                height_pixels=height,
                prefix_bytes=source.prefix_bytes,
                colours=colours(way),
            )
        except PreviewError as error:
            output.narrate(_facts_line(source, facts, None))
            raise TuidlError(f"No preview: {error}.") from error
    line = _facts_line(source, facts, picture)
    if picture is None:
        output.emit([line])
        return
    draw(printed(picture, window, way, image=os.getpid()))
    output.narrate(line)


def _show_words(decoder: Decoder, source: Source, facts: FileFacts) -> None:
    """Prints what a file is, and its first lines or entries."""
    lines = [_facts_line(source, facts, None)]
    if media_type.can_read(facts.media_type):
        excerpt = decoder.excerpt(source.path, prefix_bytes=source.prefix_bytes)
        lines[0] += f" · {excerpt.note}"
        lines += [*([""] if excerpt.lines else []), *excerpt.lines, *([] if excerpt.is_whole else ["…"])]
    output.emit(lines)


def _facts_line(source: Source, facts: FileFacts, picture: Picture | None) -> str:
    """Words the facts: `nebula.jpg · JPEG · 2560 × 1024 · 4.6 MB · 14:02`."""
    parts = [safe(source.path.name), facts.words]
    if picture is not None:
        parts.append(f"{picture.natural_width} × {picture.natural_height}")
    if source.prefix_bytes is None:
        parts.append(format_bytes(facts.size))
    else:
        parts.append(f"{format_bytes(source.prefix_bytes)} so far")
    if facts.modified_at is not None:
        import time

        parts.append(format_moment(facts.modified_at, now=time.time()))
    return " · ".join(parts)
