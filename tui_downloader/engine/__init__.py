"""Moves bytes from servers to part files: requests in, files out.

Must never know SQLite, sessions or screens: it reports to an observer and is told when to stop.
"""
