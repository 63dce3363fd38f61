"""Memory that bytes are read into.

Owns where it comes from. Must never be the C library's heap, which keeps megabytes for each thread that ever had
some (a worker of 36 MB had 121 MB after 128 files, measured): a mapping of its own goes when nobody uses it.
"""

from __future__ import annotations

import mmap

_MAPPED_BYTES_MIN = 64 * 1024
"""Less is not worth the two calls and the page faults of a mapping."""


def new_buffer(size: int) -> memoryview:
    """Returns so many bytes of memory, at least one, that the system takes back with the last view of them."""
    if size < _MAPPED_BYTES_MIN:
        return memoryview(bytearray(size))
    return memoryview(mmap.mmap(-1, size))
