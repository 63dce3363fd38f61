"""What holds for every test: the servers of `support`, and no look at the user's own files.

Owns the environment of tests. Must never hold a fixture that only one folder needs.
"""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.fixtures import authority_file, certificates, fault_server, tls_fault_server

settings.register_profile("tuidl", deadline=None)  # no test depends on the machine's speed
settings.load_profile("tuidl")

# A shell that starts the tests in the background hands an ignored Ctrl+C down to every program under test.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

__all__ = ["authority_file", "certificates", "fault_server", "own_environment", "tls_fault_server"]

_USER_DIRECTORIES = {
    "HOME": "",
    "XDG_STATE_HOME": ".local/state",
    "XDG_CONFIG_HOME": ".config",
    "XDG_CACHE_HOME": ".cache",
    "XDG_DATA_HOME": ".local/share",
}
_REMOVED = (
    *(f"{scheme}_proxy" for scheme in ("http", "https", "all", "no", "ftp")),
    "XDG_DOWNLOAD_DIR",
    "DBUS_SESSION_BUS_ADDRESS",
    "XDG_RUNTIME_DIR",
    "TUIDL_SESSION",
    "TUIDL_DEBUG",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NETRC",
)


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the test a user's home of its own, a state directory in it, and no proxies; return the home.

    Nothing but the home exists yet: no state, no settings file, no downloads folder.
    """
    home = tmp_path_factory.mktemp("home")
    for name, below in _USER_DIRECTORIES.items():
        monkeypatch.setenv(name, str(home / below))
    monkeypatch.setenv("TUIDL_STATE_DIR", str(home / "state"))
    monkeypatch.setenv("TUIDL_CONFIG", str(home / "settings.toml"))
    for name in _REMOVED:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return home
