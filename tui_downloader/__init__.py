"""tuidl: start a download, quit, come back: file, picture and what happened are there.

Owns the version and the public names. Must never import at once what a caller did not ask for.
"""

__version__ = "0.1.0"
