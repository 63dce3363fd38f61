"""What there is around tuidl, as values.

Owns these values. Must never hold a secret: proxies come without their logins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tui_downloader.notify.desktop import Way as DesktopWay
from tui_downloader.notify.terminal import TerminalWay
from tui_downloader.preview.ways import Way as PictureWay
from tui_downloader.service.status import ServiceStatus
from tui_downloader.session.login import LoginEnd


@dataclass(frozen=True, slots=True)
class SurvivalFacts:
    """What ends processes here, and what starts them again."""

    login: LoginEnd
    """What ends with this login."""
    can_scope: bool
    """Whether a worker can be given a scope of its own in the user's service manager."""
    service: ServiceStatus | None
    """The session's service; `None` where there is no service manager."""


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """A directory that is written to."""

    path: Path
    """Where it is, or would be."""
    is_there: bool
    """Whether it is there."""
    is_writable: bool
    """Whether it, or the nearest directory above that is there, can be written to."""
    free_bytes: int | None
    """Room on its disk; `None` if unknown."""
    file_system: str | None = None
    """Its kind, if it is no plain disk."""
    problem: str | None = None
    """Why it is not used; `None` if it is."""


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """One session."""

    name: str
    """Its identifier."""
    error: str | None
    """Why it cannot be used; `None` if it can."""
    held_lock: Path | None = None
    """Its lock, if something holds it that is no living worker."""
    left: int = 0
    """How many downloads would go on, and have no worker; those of a session that was stopped do not count."""
    log_error: str | None = None
    """The last line of its log, if it is an error."""


@dataclass(frozen=True, slots=True)
class SettingsFacts:
    """The settings."""

    path: Path
    """The file."""
    is_there: bool
    """Whether there is one."""
    problem: str | None
    """Why it cannot be used; `None` if it can, or is not there."""
    hooks: Mapping[str, str | None] = field(default_factory=dict)
    """By name of the setting: why the program cannot be run; `None` if it can."""
    notifications: str = "auto"
    """Who tells what has ended."""


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """The clock."""

    now: float
    """What it says, Unix seconds."""
    program_at: float
    """When this program was installed, by the same clock."""
    is_synchronised: bool | None
    """Whether something sets it; `None` if nobody said."""


@dataclass(frozen=True, slots=True)
class TerminalFacts:
    """The terminal."""

    name: str
    """`TERM`."""
    is_terminal: bool
    """Whether stderr is one."""
    encoding: str
    """Of what is printed."""
    has_true_colour: bool
    """Whether it takes 24-bit colours."""
    multiplexer: str | None
    """`tmux` or `screen`; `None` if none stands between."""
    pictures: PictureWay
    """How pictures are drawn."""
    notice: TerminalWay
    """How it tells what has ended."""


@dataclass(frozen=True, slots=True)
class ProxyFacts:
    """One proxy of the environment."""

    variable: str
    """Its variable."""
    shown: str
    """Its URL without login, safe to print."""
    scheme: str
    """How it is spoken to."""


@dataclass(frozen=True, slots=True)
class NetworkFacts:
    """How the net is reached."""

    proxies: tuple[ProxyFacts, ...]
    """The environment's proxies."""
    has_socks: bool
    """Whether the package for SOCKS is installed."""
    certificate_places: Mapping[str, str | None]
    """`SSL_CERT_FILE` and `SSL_CERT_DIR`, where set: what is wrong with them."""
    authorities: int
    """How many certificate authorities are trusted; a directory of them counts as one."""


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """What runs here."""

    program: str
    """This program's version."""
    python: str
    """Python's."""
    sqlite: tuple[int, ...]
    """The library's, as Python uses it."""
    packages: Mapping[str, str]
    """Of the packages it builds on; those of extras only where they are installed."""
    open_files_max: int | None
    """How many files a process may have open; `None` if nobody says."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything."""

    identifier: str
    """The session that is meant."""
    survival: SurvivalFacts
    """What ends and starts processes."""
    state: PlaceFacts
    """The state directory."""
    downloads: PlaceFacts
    """Where the screen saves."""
    sessions: tuple[SessionFacts, ...]
    """The sessions; those that are fine as well."""
    settings: SettingsFacts
    """The settings."""
    clock: ClockFacts
    """The clock."""
    terminal: TerminalFacts
    """The terminal."""
    desktop: DesktopWay
    """How the desktop is told what has ended."""
    network: NetworkFacts
    """How the net is reached."""
    versions: VersionFacts
    """What runs here."""
