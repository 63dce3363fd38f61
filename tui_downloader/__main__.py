"""`python -m tui_downloader` is `tuidl`.

Must never do anything but call the command line.
"""

from tui_downloader.cli.main import run

if __name__ == "__main__":
    run()
