"""How a download ended, in one line.

Must never print anything itself.
"""

from __future__ import annotations

from tui_downloader import units
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import State


def ending(download: Download) -> str:
    """Words how a download ended: `Finished: a.jpg, 4.6 MB`, or what went wrong.

    Args:
        download: One that is over.

    Returns:
        One line, safe to print.
    """
    if download.state is State.COMPLETED:
        return f"Finished: {download.shown_name}, {units.format_bytes(download.bytes_received)}"
    detail = f": {download.error}" if download.error else "."
    return f"Download {download.id}, {download.shown_name}, {download.state.value}{detail}"
