"""A real nginx on loopback, over http and https, for tests and benchmarks.

Owns one process in its own directory. Must never touch the system's nginx or its configuration.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.certificates import Certificates
from tests.support.ports import free_port, wait_for_port

NGINX = shutil.which("nginx") or (shutil.which("nginx", path="/usr/sbin:/usr/local/sbin"))
"""The program; `None` where it is not installed."""

_CONFIGURATION = """
daemon off; worker_processes 2; pid {root}/nginx.pid; error_log {root}/error.log warn; {user}
events {{ worker_connections 512; }}
http {{
    access_log {root}/access.log combined buffer=4k flush=1s;
    client_body_temp_path {root}/t1; proxy_temp_path {root}/t2; fastcgi_temp_path {root}/t3;
    uwsgi_temp_path {root}/t4; scgi_temp_path {root}/t5;
    default_type application/octet-stream; sendfile on; tcp_nopush on; keepalive_requests 100000;
    limit_conn_zone $binary_remote_addr zone=each:1m; limit_req_zone $binary_remote_addr zone=seldom:1m rate=2r/s;
    server {{
        listen 127.0.0.1:{port}; listen 127.0.0.1:{tls_port} ssl;
        ssl_certificate {root}/server.pem; ssl_certificate_key {root}/server.pem;
        root {root}/files;
        {locations}
    }}
}}
"""


@dataclass(frozen=True, slots=True)
class Nginx:
    """A running server."""

    files: Path
    """What lies here is served."""
    port: int
    """Its http port."""
    tls_port: int
    """Its https port."""

    def url(self, path: str, *, tls: bool = False) -> str:
        """Return the URL of a path that begins with a slash."""
        scheme, port = ("https", self.tls_port) if tls else ("http", self.port)
        return f"{scheme}://127.0.0.1:{port}{path}"


@contextlib.contextmanager
def running_nginx(
    root: Path, certificates: Certificates, *, locations: Mapping[str, str] | None = None
) -> Iterator[Nginx]:
    """Run nginx until the block ends.

    Args:
        root: An empty directory of its own.
        certificates: For https.
        locations: More locations: path to directives.
    """
    assert NGINX is not None, "nginx is not installed"
    (root / "files").mkdir(parents=True)
    root.chmod(0o755)
    certificates.write_server(root / "server.pem")
    server = Nginx(root / "files", free_port(), free_port())
    places = "\n".join(f"location {path} {{ {text} }}" for path, text in (locations or {}).items())
    text = _CONFIGURATION.format(
        root=root, port=server.port, tls_port=server.tls_port, locations=places, user=_user_line()
    )
    (root / "nginx.conf").write_text(text)
    options = ["-p", str(root), "-e", str(root / "error.log"), "-c", str(root / "nginx.conf")]
    process = subprocess.Popen([NGINX, *options])
    try:
        wait_for_port(server.port, process)
        yield server
    finally:
        process.terminate()
        process.wait(10)


def _user_line() -> str:
    """Keep root's workers root, so that they can read a private directory; others cannot choose."""
    return "user root;" if os.geteuid() == 0 else ""
