"""`python -m tests.benchmarks [--size MiB] [--rounds N] [--json FILE] [NAME…]`: measures ours beside the peers.

Owns the order: A B A B, so that a change of the machine's mood meets everybody. All traffic stays on loopback.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.engine import Ground, capped, many_small, one_file, refetched, spliced
from tests.benchmarks.limits import limits
from tests.benchmarks.start import first_byte, first_paint, listing
from tests.benchmarks.table import Row, as_text, write_json
from tests.benchmarks.versions import made_on
from tests.support.certificates import make_certificates
from tests.support.nginx import running_nginx

MEASURES: dict[str, Callable[[Ground], list[Row]]] = {
    "http": lambda ground: one_file(ground, tls=False),
    "https": lambda ground: one_file(ground, tls=True),
    "capped": capped,
    "small": many_small,
    "kill": refetched,
    "changed": spliced,
    "limits": limits,
    "list": listing,
    "paint": first_paint,
    "first-byte": first_byte,
}


def main() -> int:
    """Measure what was named, or everything."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("--size", type=int, default=1024, help="MiB of the large file")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    parser.add_argument("names", nargs="*", choices=[*MEASURES, []], metavar="NAME")
    options = parser.parse_args()
    certificates = make_certificates()
    with tempfile.TemporaryDirectory(prefix="tuidl-benchmarks-") as text:
        root = Path(text)
        authority = root / "authority.pem"
        certificates.write_authority(authority)
        os.environ["SSL_CERT_FILE"] = str(authority)
        places = {"/capped/": "limit_rate 2m;", "/paced/": "limit_rate 8m;"}
        with running_nginx(root / "nginx", certificates, locations=places) as nginx:
            ground = Ground(root, nginx, authority, size=options.size * 1024 * 1024, rounds=options.rounds)
            rows: list[Row] = []
            for name in options.names or MEASURES:
                sys.stderr.write(f"{name} …\n")
                rows += MEASURES[name](ground)
                sys.stdout.write(as_text(rows[-4:]) + "\n\n")
    where = made_on()
    sys.stdout.write(
        "\n".join(f"{name}: {value}" for name, value in where.items()) + "\n\n" + as_text(rows) + "\n"
    )
    if options.json:
        write_json(rows, options.json, made_on=where)
    return 0


if __name__ == "__main__":
    sys.exit(main())
