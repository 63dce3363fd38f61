"""A real Apache on loopback, over http and https, for tests.

Owns one server in its own directory: its configuration, modules and ports. Must never touch the system's Apache or
its configuration, nor any process but its own.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.certificates import Certificates
from tests.support.ports import free_port, wait_for_port

_PATHS = "/usr/sbin:/usr/local/sbin:/usr/local/apache2/bin"
APACHE = shutil.which("apache2") or shutil.which("apache2", path=_PATHS) or shutil.which("httpd", path=_PATHS)
"""The program; `None` where it is not installed."""

NAME, PASSWORD = "somebody", "pass:word"
"""Who may have what lies below `/private/`."""
SLOW_KIB_PER_SECOND = 2000
"""Pace of each connection to what lies below `/slow/`."""

_NOBODY = 65534
_MODULES = (
    *("mpm_event", "unixd", "log_config", "dir", "headers", "env", "filter", "deflate", "ratelimit"),
    *("authn_core", "authn_file", "authz_core", "authz_user", "auth_basic", "socache_shmcb", "ssl"),
)
_CONFIGURATION = """
ServerRoot {root}
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
Listen 127.0.0.1:{tls_port}
PidFile {root}/apache.pid
Mutex file:{root}
DefaultRuntimeDir {root}
ErrorLog {root}/error.log
{modules}
StartServers 1
ThreadsPerChild 24
MaxRequestWorkers 24
MinSpareThreads 1
MaxSpareThreads 24
DocumentRoot {root}/files
LogFormat "%>s" status
CustomLog {root}/access.log status
EnableSendfile On
SSLSessionCache none
<Directory {root}/files>
    AllowOverride None
    Require all granted
</Directory>
<Location /slow/>
    SetOutputFilter RATE_LIMIT
    SetEnv rate-limit {slow}
</Location>
<Location /gzip/>
    SetOutputFilter DEFLATE
    SetEnv force-gzip
</Location>
<Location /private/>
    AuthType Basic
    AuthName "private"
    AuthBasicProvider file
    AuthUserFile {root}/passwords
    Require valid-user
</Location>
<VirtualHost 127.0.0.1:{tls_port}>
    SSLEngine on
    SSLCertificateFile {root}/server.pem
</VirtualHost>
"""


@dataclass(frozen=True, slots=True)
class Apache:
    """A running server."""

    root: Path
    """Its directory."""
    port: int
    """Its http port."""
    tls_port: int
    """Its https port."""

    @property
    def files(self) -> Path:
        """What lies here is served."""
        return self.root / "files"

    def url(self, path: str, *, tls: bool = False) -> str:
        """Return the URL of a path that begins with a slash."""
        scheme, port = ("https", self.tls_port) if tls else ("http", self.port)
        return f"{scheme}://127.0.0.1:{port}{path}"

    def statuses(self) -> list[int]:
        """Return the status codes it has sent so far."""
        return [int(line) for line in (self.root / "access.log").read_text().split()]


@contextlib.contextmanager
def running_apache(certificates: Certificates) -> Iterator[Apache]:
    """Run Apache until the block ends, in a directory that ends with it.

    It refuses to be root, so root runs it as nobody; the directory is one that everybody can reach.
    """
    assert APACHE is not None, "Apache is not installed"
    with tempfile.TemporaryDirectory(prefix="apache-") as name:
        server = Apache(Path(name), free_port(), free_port())
        _furnish(server, certificates)
        with (server.root / "startup.log").open("wb") as output:
            # Its own session: at its end Apache signals its whole process group.
            process = subprocess.Popen(
                [APACHE, "-f", str(server.root / "apache.conf"), "-D", "FOREGROUND"],
                stdout=output,
                stderr=output,
                start_new_session=True,
                user=_NOBODY if os.geteuid() == 0 else None,
                group=_NOBODY if os.geteuid() == 0 else None,
                extra_groups=[] if os.geteuid() == 0 else None,
            )
        try:
            wait_for_port(server.port, process)
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def _furnish(server: Apache, certificates: Certificates) -> None:
    """Write everything that it needs into its directory."""
    root = server.root
    for each in ("files", "files/slow", "files/gzip", "files/private"):
        (root / each).mkdir()
    certificates.write_server(root / "server.pem")
    digest = base64.b64encode(hashlib.sha1(PASSWORD.encode()).digest()).decode()
    (root / "passwords").write_text(f"{NAME}:{{SHA}}{digest}\n")
    modules = "\n".join(f"LoadModule {each}_module {_modules()}/mod_{each}.so" for each in _MODULES if _has(each))
    (root / "apache.conf").write_text(
        _CONFIGURATION.format(
            root=root, port=server.port, tls_port=server.tls_port, modules=modules, slow=SLOW_KIB_PER_SECOND
        )
    )
    root.chmod(0o755)
    if os.geteuid() == 0:
        os.chown(root, _NOBODY, _NOBODY)
        os.chown(root / "server.pem", _NOBODY, _NOBODY)


def _modules() -> Path:
    """Return where its modules lie."""
    places = [Path("/usr/lib/apache2/modules"), Path("/usr/local/apache2/modules"), Path("/usr/lib/httpd/modules")]
    return next(each for each in places if each.is_dir())


def _has(module: str) -> bool:
    """Tell whether a module is a file; some builds have the basic ones within."""
    return (_modules() / f"mod_{module}.so").exists()
