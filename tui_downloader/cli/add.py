"""`tuidl add`: URLs become downloads.

Owns how a command line and lists of URLs become requests. Must never print the value of a request field, nor let
a bad line keep a good one out.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from tui_downloader import units
from tui_downloader.cli import output
from tui_downloader.cli.completion import complete_directories, complete_files
from tui_downloader.cli.examples import examples
from tui_downloader.cli.exit_codes import ExitCode
from tui_downloader.cli.invocation import Invocation, global_options
from tui_downloader.errors import InvalidDirectoryError, InvalidInputError
from tui_downloader.model.checksum import checked_checksum
from tui_downloader.model.display_text import safe
from tui_downloader.model.download import download_as_json
from tui_downloader.model.request import (
    Request,
    checked_directory,
    checked_field,
    checked_filename,
    checked_url,
)
from tui_downloader.session.session import Added

if TYPE_CHECKING:
    from tui_downloader.cli.checksum_file import ChecksumFile

CONNECTIONS_MAX = 64
"""Most connections that can be asked for."""

_STANDARD_INPUT = "-"
_BEHIND_SCHEME = "://"
_RATE_MAX = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The verb's options as click read them."""

    urls: tuple[str, ...]
    """URLs, not checked."""
    lists: tuple[str, ...]
    """Files with URLs; `-` is stdin."""
    directory: str
    """Where to save, not checked."""
    filename: str | None
    """The name to save under, not checked; `None` takes the server's."""
    connections: int | None
    """Most connections; `None` leaves it to the engine."""
    checksum: str | None
    """Digest that the file must have, not checked; `None` expects none."""
    checksum_file: str | None = field(repr=False)
    """File or URL of a list of digests, not checked; a URL may hold secrets."""
    limit_rate: str | None
    """Speed limit, not checked; `None` is none."""
    fields: tuple[str, ...] = field(repr=False)
    """Request fields, not checked; may hold secrets."""
    paused: bool
    """Add with intent pause."""
    again: bool
    """Add even what is there unfinished."""
    allow_insecure: bool
    """Follow redirects from https to http."""
    allow_private: bool
    """Follow redirects into private networks."""
    as_json: bool
    """Print objects instead of ids."""


@dataclass(frozen=True, slots=True)
class Line:
    """One URL as typed or listed."""

    text: str
    """The text, not checked."""
    place: str = ""
    """Where it stands, as the begin of a sentence: `urls.txt, line 3: `; empty for an argument."""


@click.command(
    epilog=examples(
        "tuidl add https://example.com/disk.iso",
        "tuidl add -d ~/Pictures -x 4 example.com/a.jpg example.com/b.jpg",
        "tuidl add --checksum-file SHA256SUMS example.com/disk.iso",
        'grep -o "https://[^ ]*" mail.txt | tuidl add -i -',
    )
)
@click.argument("urls", nargs=-1, metavar="[URL]...")
@click.option(
    "-d",
    "--directory",
    default=".",
    metavar="DIR",
    shell_complete=complete_directories,
    help="Save there (default: here).",
)
@click.option("-o", "--output", "filename", metavar="NAME", help="Save under this name (one URL only).")
@click.option(
    "-x",
    "--connections",
    type=click.IntRange(1, CONNECTIONS_MAX),
    metavar="N",
    help="At most N connections (default: as many as help).",
)
@click.option("--checksum", metavar="ALGORITHM:HEX", help="The file must have this digest (one URL only).")
@click.option(
    "--checksum-file",
    metavar="URL|PATH",
    shell_complete=complete_files,
    help="The files must have the digests that this SHA256SUMS lists.",
)
@click.option("--limit-rate", metavar="RATE", help="Bytes a second: 500k, 2M, 2Mi or off.")
@click.option("-H", "--header", "fields", multiple=True, metavar="'NAME: VALUE'", help="Send this request field.")
@click.option("--paused", is_flag=True, help="Add only; resume starts it.")
@click.option("--again", is_flag=True, help="Add even what is there unfinished already.")
@click.option("--allow-insecure", is_flag=True, help="Follow redirects from https to http.")
@click.option("--allow-private", is_flag=True, help="Follow redirects into private networks.")
@click.option(
    "-i",
    "--input",
    "lists",
    multiple=True,
    metavar="FILE",
    shell_complete=complete_files,
    help="Take URLs from a file, - is stdin.",
)
@click.option("--json", "as_json", is_flag=True, help="As a JSON array instead of ids.")
@global_options
@click.pass_obj
def command(invocation: Invocation, /, **options: Any) -> int:  # each option's type is its field's in Options
    """Add downloads; they start at once, in the background."""
    return add(invocation, Options(**options))


def add(invocation: Invocation, asked: Options, *, quietly: bool = False) -> int:
    """Adds what a command line asks for and prints it.

    Args:
        invocation: Which session.
        asked: The options.
        quietly: Whether nothing is printed but what is wrong: the screen shows the downloads.

    Returns:
        The exit code.

    Raises:
        TuidlError: Nothing could be added.
        click.UsageError: Nothing was asked for, or things that exclude each other.
    """
    if not asked.urls and not asked.lists:
        raise click.UsageError("Name a URL, or a list of them with -i FILE.", click.get_current_context())
    lines = [Line(url) for url in asked.urls] + [line for name in asked.lists for line in read_list(name)]
    template = _template(asked, count=len(lines))
    requests, problems = _requests(lines, template, _listed(asked.checksum_file, count=len(lines)))
    for problem in problems:
        output.narrate(problem)
    added = invocation.session().add(requests, again=asked.again) if requests else []
    if quietly:
        return ExitCode.USAGE if problems else ExitCode.DONE
    _narrate(added, asked, invocation)
    if asked.as_json:
        identifier = invocation.identifier
        output.emit_json_array([download_as_json(each.download, session=identifier) for each in added])
    else:
        output.emit(str(each.download.id) for each in added)
    return ExitCode.USAGE if problems else ExitCode.DONE


def read_list(name: str) -> list[Line]:
    """Reads a list of URLs, one a line; blank lines and lines that begin with `#` are skipped.

    Args:
        name: A file's name; `-` is stdin.

    Raises:
        InvalidInputError: It cannot be read.
    """
    try:
        if name == _STANDARD_INPUT:
            shown = "stdin"
            content = _standard_input()
        else:
            shown = safe(name)
            content = Path(name).expanduser().read_bytes()
    except (OSError, ValueError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InvalidInputError(f"The list “{safe(name)}” cannot be read: {reason}.") from error
    text = content.decode("utf-8-sig", "surrogateescape")
    numbered = ((number, line.strip()) for number, line in enumerate(text.split("\n"), start=1))
    return [
        Line(line, f"{shown}, line {number}: ") for number, line in numbered if line and not line.startswith("#")
    ]


def _standard_input() -> bytes:
    """Reads all of stdin.

    Raises:
        OSError: It is closed or cannot be read.
    """
    stream: TextIO | None = getattr(sys, "stdin", None)
    if stream is None:
        raise OSError(errno.EBADF, "it is closed")
    return stream.buffer.read()


def _template(options: Options, *, count: int) -> Request:
    """Makes the request that all lines share but for their URL.

    Raises:
        InvalidInputError: An option cannot be used.
        click.UsageError: One name was given for several URLs, or two ways to know the digest.
    """
    if options.filename is not None and count != 1:
        raise click.UsageError("-o names one file: give exactly one URL.", click.get_current_context())
    if options.checksum is not None and options.checksum_file is not None:
        raise click.UsageError("Give --checksum or --checksum-file, not both.", click.get_current_context())
    if options.checksum is not None and count != 1:
        raise click.UsageError("--checksum is one file's: give exactly one URL.", click.get_current_context())
    return Request(
        url="",
        directory=_checked_place(options.directory),
        filename=None if options.filename is None else checked_filename(options.filename),
        fields=tuple(checked_field(text) for text in options.fields),
        checksum=None if options.checksum is None else checked_checksum(options.checksum),
        checksum_url=_checksum_url(options.checksum_file),
        connections_max=options.connections,
        bytes_per_second_max=None if options.limit_rate is None else checked_rate(options.limit_rate),
        paused=options.paused,
        allow_insecure=options.allow_insecure,
        allow_private=options.allow_private,
        added_by="tuidl add",
    )


def _checked_place(text: str) -> Path:
    """Checks the directory; the state file keeps it as text, so its name must be one.

    Raises:
        InvalidDirectoryError: It cannot be used.
    """
    directory = checked_directory(text)
    try:
        str(directory).encode()
    except UnicodeEncodeError as error:
        raise InvalidDirectoryError(
            f"The directory “{safe(str(directory))}” has a name that is not UTF-8."
        ) from error
    return directory


def _checksum_url(place: str | None) -> str | None:
    """Returns where the list of digests lies, if that is a URL.

    Raises:
        InvalidUrlError: It is a URL that cannot be used.
    """
    return checked_url(place) if place is not None and _BEHIND_SCHEME in place else None


def _listed(place: str | None, *, count: int) -> ChecksumFile | None:
    """Reads the list of digests; `None` if none was given, or one behind a URL.

    Raises:
        InvalidInputError: It cannot be used.
    """
    if place is None or _BEHIND_SCHEME in place:
        return None
    from tui_downloader.cli.checksum_file import ChecksumFile  # late: most additions have no such list

    return ChecksumFile(place, count=count)


def _requests(
    lines: Sequence[Line], template: Request, listed: ChecksumFile | None
) -> tuple[list[Request], list[str]]:
    """Checks each line.

    Args:
        lines: The URLs.
        template: What they share.
        listed: Digests, one of them each file's; `None` if there is no list here.

    Returns:
        A request for each good line, and a sentence for each bad one.
    """
    requests, problems = [], []
    for line in lines:
        try:
            line.text.encode()
            url = checked_url(line.text)
            checksum = listed.checksum_of(url, requested=template.filename) if listed else template.checksum
            requests.append(replace(template, url=url, checksum=checksum))
        except UnicodeEncodeError:
            problems.append(f"{line.place}“{safe(line.text)}” is not a URL: it is not UTF-8.")
        except InvalidInputError as error:
            problems.append(f"{line.place}{error}")
    return requests, problems


def checked_rate(text: str) -> int | None:
    """Reads a speed limit; `off` and 0 are none.

    Raises:
        InvalidInputError: The text is no rate, or one too large to keep.
    """
    if text.strip().lower() == "off":
        return None
    rate = units.parse_size(text)
    if rate > _RATE_MAX:
        raise InvalidInputError(f"“{safe(text)}” is more than any line carries.")
    return rate or None


def _narrate(added: Sequence[Added], options: Options, invocation: Invocation) -> None:
    """Says what was there already and, to people, what happens next."""
    words = invocation.option_words()
    for each in added:
        if not each.is_new:
            name = each.download.shown_name
            output.narrate(f"Download {each.download.id} is this one already: {name}; --again adds it once more.")
    if any(each.is_new for each in added) and not options.paused and output.on_terminal():
        output.narrate(f"It goes on in the background. Come back: tuidl{words} · wait: tuidl{words} wait")
