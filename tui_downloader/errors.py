"""The whole error tree; every error a user can meet is one of these.

Owns the classes and their exit codes. Must never import anything of this package.

    TuidlError                       1
    ├── InvalidInputError            2   what the user typed cannot be used
    │   ├── InvalidUrlError
    │   ├── InvalidDirectoryError
    │   ├── InvalidSessionNameError
    │   ├── SessionBusyError             a session with running downloads is not removed unasked
    │   └── SettingsError
    ├── NoSuchDownloadError          4   an id that is not there
    ├── NoSuchSessionError           4   a session that is not there
    ├── SessionUnusableError         5   the session's state cannot be used
    │   ├── NewerStateFileError          written by a newer version; left unmodified
    │   ├── DamagedStateFileError        not a state file, or damaged
    │   ├── StateFileLostError           gone, replaced or read-only while it was open
    │   └── WorkerUnavailableError       the worker could not be started
    ├── TimedOutError                3   the time given to wait was up
    ├── ServiceError                 1   the system's service manager is not there or refuses
    ├── PreviewError                 1   a picture that cannot be shown, with the reason
    └── TransferError                1   a transfer ended (engine.failures); carries its reason
"""

from __future__ import annotations


class TuidlError(Exception):
    """Base of all errors of this package; its text is one sentence for the user."""

    exit_code = 1
    """Exit code of the command line for this error (1 failed, 2 usage, 3 timed out, 4 no such id, 5 session)."""


class InvalidInputError(TuidlError):
    """What the user typed cannot be used."""

    exit_code = 2


class InvalidUrlError(InvalidInputError):
    """A text that is not a downloadable URL."""


class InvalidDirectoryError(InvalidInputError):
    """A directory that does not exist or cannot be written to."""


class InvalidSessionNameError(InvalidInputError):
    """A session identifier outside `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`."""


class SessionBusyError(InvalidInputError):
    """Downloads run in a session that was to be removed; nothing was changed."""


class SettingsError(InvalidInputError):
    """A settings file with a wrong key or value; the text names file, line and bounds."""


class NoSuchDownloadError(TuidlError):
    """An id that the session does not have."""

    exit_code = 4


class NoSuchSessionError(TuidlError):
    """A session that was never used, or is gone."""

    exit_code = 4


class SessionUnusableError(TuidlError):
    """The session's state cannot be used."""

    exit_code = 5


class NewerStateFileError(SessionUnusableError):
    """The state file was written by a newer version; it was left unmodified."""


class DamagedStateFileError(SessionUnusableError):
    """The state file is not one, or is damaged; it was left unmodified or set aside, never overwritten."""


class StateFileLostError(SessionUnusableError):
    """The state file that was open is gone, was replaced, or cannot be written any more."""


class WorkerUnavailableError(SessionUnusableError):
    """The worker could not be started; the text ends with the last line of its log."""


class TimedOutError(TuidlError):
    """The time given to wait was up; the downloads go on."""

    exit_code = 3


class ServiceError(TuidlError):
    """The system's service manager is not there, cannot be reached, or refuses."""


class PreviewError(TuidlError):
    """A file that cannot be shown as a picture; the text is the reason."""
