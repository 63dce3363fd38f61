"""The screen: what `tuidl` shows in a terminal.

Must never load httpx, Pillow or a Markdown parser, and must never do SQLite, files or decoding on the UI thread.
"""

from tui_downloader.tui.launch import run_screen

__all__ = ["run_screen"]
