"""What is loaded late is loaded all the same."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
from tui_downloader.engine import late
late.load_soon().join()
before = set(sys.modules)
from tui_downloader.engine import cookies, normal_urls, pool, wire
from tui_downloader.engine.address import Address
Address.of("http://m\u00fcnchen.de/a/../b").join("../c")
assert {"h11", "httpx", "httpcore", "http_sf", "http.cookiejar", "urllib.request"} <= before
assert not {name for name in set(sys.modules) - before if name.partition(".")[0] in {"httpx", "httpcore", "h11"}}
"""


def test_nothing_of_it_is_loaded_when_it_is_first_needed() -> None:
    subprocess.run([sys.executable, "-P", "-W", "error", "-c", PROGRAM], check=True, timeout=120)
