"""A machine that has a public address and a private network: what redirects reach from one to the other.

Owns the scenes; `python -m tests.chaos.public_network` prints what came of each
as JSON. Must never run outside a network of its own (`COMMAND`): it would ask a stranger's server.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.engine.fetching import fetch, plan
from tests.support.fault_server import FaultServer, Resource
from tests.support.faults import Redirect
from tui_downloader.engine.asking import Asking
from tui_downloader.engine.connections import Connections
from tui_downloader.engine.failures import TransferError
from tui_downloader.engine.throttle import Throttle, Throttles
from tui_downloader.engine.transport import Transports
from tui_downloader.model.request import Request
from tui_downloader.settings import Settings

PUBLIC = "93.184.216.34"
"""An address of the Internet; in its own network this machine has it."""
SPELLINGS = (
    *("127.0.0.1", "127.1", "0x7f.1", "017700000001", "2130706433", "localhost", "inside.example"),
    *("[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "10.1.2.3", "169.254.169.254", "0.0.0.0"),
)
"""How a redirect may name what is inside; the last three are addresses of private networks and of this machine."""

_BEGIN = f"ip link set lo up && for a in {PUBLIC} 10.1.2.3 169.254.169.254; do ip addr add $a/32 dev lo; done"
COMMAND = ["unshare", "-rn", "sh", "-c", f'{_BEGIN} && exec "$@"', "sh"]
"""Runs the words that follow in a network of their own."""


def why_not_possible() -> str | None:
    """Say why there can be no network of its own here; `None` if there can."""
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        return "unshare and ip are not installed"
    done = subprocess.run([*COMMAND, "true"], capture_output=True, check=False)
    return None if done.returncode == 0 else "this system gives nobody a network of his own"


def resolve(name: str, address: str) -> None:
    """Have a name mean an address from now on."""
    real: Callable[..., list[Any]] = getattr(socket, "real_getaddrinfo", socket.getaddrinfo)

    def look_up(host: str, port: int, *arguments: Any, **more: Any) -> list[Any]:
        return real(address if host == name else host, port, *arguments, **more)

    vars(socket).update(real_getaddrinfo=real, getaddrinfo=look_up)


def outcome(url: str, *, allow_private: bool = False) -> str:
    """Fetch; return the reason of the failure, or what came."""
    try:
        return fetch(plan(url, allow_private=allow_private))[1].decode()
    except TransferError as error:
        return str(error.reason)


def by_spelling() -> dict[str, str]:
    """Lead a public download to what is inside, spelled in every way."""
    told = {}
    resolve("inside.example", "127.0.0.1")
    servers = FaultServer(address="0.0.0.0"), FaultServer(address="::1"), FaultServer(address=PUBLIC)
    with servers[0] as inside, servers[1] as inside_6, servers[2] as public:
        for each in (inside, inside_6):
            each.add("/secret", Resource(b"secret"))
        public.add("/hop", Resource(b""), faults=[Redirect(inside.url("/secret", host=PUBLIC))])
        for host in SPELLINGS:
            there = inside_6 if host == "[::1]" else inside
            url = public.add("/a", Resource(b""), faults=[Redirect(there.url("/secret", host=host))])
            told[host] = outcome(url)
        told["asked inside"] = str(len(inside.requests() + inside_6.requests()))
        told["allowed"] = outcome(url, allow_private=True)
        told["public to public"] = outcome(public.url("/hop"))
    return told


def by_another_look() -> dict[str, str]:
    """Have a name mean something inside when the second connection looks it up."""
    settings, transports = Settings(), Transports()
    resolve("cdn.example", PUBLIC)
    with FaultServer(address="0.0.0.0") as server:
        server.add("/a", Resource(b"public" * 500_000))  # too much to be read only for its connection
        start = server.add("/s", Resource(b""), faults=[Redirect(server.url("/a", host="cdn.example"))])
        request = Request(url=start.replace("0.0.0.0", PUBLIC), directory=Path())
        connections = Connections(transports, Throttles(Throttle(), Throttle()), settings)
        asking = Asking(request, connections, settings, under_way=False)
        exchange, head = asking.ask()
        asking.drop(exchange)
        told = {"first": head.final_url.replace(str(server.port), "PORT")}
        before = len(server.requests())
        resolve("cdn.example", "127.0.0.1")
        try:
            asking.ask({"Range": "bytes=3000-"}, url=head.final_url)
        except TransferError as error:
            told["second"] = str(error.reason)
        told["asked inside"] = str(len(server.requests()) - before)
        connections.close()
    transports.close()
    return told


if __name__ == "__main__":
    assert os.environ.get("TUIDL_TEST_NETWORK"), "only inside a network of its own"
    json.dump({"spelling": by_spelling(), "another look": by_another_look()}, sys.stdout)
