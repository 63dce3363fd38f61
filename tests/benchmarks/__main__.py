"""`python -m tests.benchmarks [--size MiB] [--rounds N] [--json FILE] [NAME…]`: measures ours beside the peers.

Owns the order: A B A B, so that a change of the machine's mood meets everybody. All traffic stays on loopback.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.engine import (
    Ground,
    capped,
    many_connections,
    many_small,
    on_disk,
    one_file,
    refetched,
    spliced,
)
from tests.benchmarks.limits import limits
from tests.benchmarks.pictures import pictures
from tests.benchmarks.preview import preview
from tests.benchmarks.refusals import refusals
from tests.benchmarks.rows import long_list
from tests.benchmarks.screen import memory, moving
from tests.benchmarks.start import first_byte, first_paint, listing
from tests.benchmarks.table import Row, as_text, write_json
from tests.benchmarks.versions import made_on
from tests.support.certificates import make_certificates
from tests.support.nginx import running_nginx

MEASURES: dict[str, Callable[[Ground], list[Row]]] = {
    "http": lambda ground: one_file(ground, tls=False),
    "https": lambda ground: one_file(ground, tls=True),
    "disk": on_disk,
    "capped": capped,
    "many": many_connections,
    "refusals": refusals,
    "small": many_small,
    "kill": refetched,
    "changed": spliced,
    "limits": limits,
    "list": listing,
    "paint": first_paint,
    "memory": memory,
    "moving": moving,
    "list-rows": long_list,
    "first-byte": first_byte,
    "preview": preview,
    "pictures": pictures,
}

_ROOM_BYTES = 4 * 1024**3


def main() -> int:
    """Measure what was named, or everything."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("--size", type=int, default=1024, help="MiB of the large file")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--in", dest="place", type=Path, default=_memory(), help="where files go; else in memory")
    parser.add_argument("names", nargs="*", choices=[*MEASURES, []], metavar="NAME")
    options = parser.parse_args()
    certificates = make_certificates()
    directories = tempfile.TemporaryDirectory
    with directories(prefix="tuidl-benchmarks-", dir=options.place) as text, directories() as disk:
        root = Path(text)
        authority = root / "authority.pem"
        certificates.write_authority(authority)
        os.environ["SSL_CERT_FILE"] = str(authority)
        places = {
            "/capped/": "limit_rate 2m;",
            "/paced/": "limit_rate 8m;",
            "/three/": "limit_conn each 3; limit_rate 1m;",
            "/seldom/": "limit_req zone=seldom; limit_rate 1m;",
        }
        with running_nginx(Path(disk) / "nginx", certificates, locations=places) as nginx:
            ground = Ground(
                root, nginx, authority, size=options.size * 1024 * 1024, rounds=options.rounds, disk=Path(disk)
            )
            rows: list[Row] = []
            for name in options.names or MEASURES:
                sys.stderr.write(f"{name} …\n")
                rows += MEASURES[name](ground)
                sys.stdout.write(as_text(rows[-4:]) + "\n\n")
    where = made_on() | {"files": "in memory" if options.place == _memory() else "on disk"}
    sys.stdout.write(
        "\n".join(f"{name}: {value}" for name, value in where.items()) + "\n\n" + as_text(rows) + "\n"
    )
    if options.json:
        write_json(rows, options.json, made_on=where)
    return 0


def _memory() -> Path | None:
    """Return a directory in memory with room for a few large files, so that no disk is measured; else `None`."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > _ROOM_BYTES else None


if __name__ == "__main__":
    sys.exit(main())
