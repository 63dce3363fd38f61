"""Memory that bytes are read into.

Owns where it comes from. Must never be the C library's heap, which keeps megabytes for each thread that ever had
some (a worker of 36 MB had 121 MB after 128 files, measured): a mapping of its own goes when nobody uses it. What
OpenSSL takes comes from the heap all the same, so that is told to do likewise.
"""

from __future__ import annotations

import contextlib
import mmap

_MAPPED_BYTES_MIN = 64 * 1024
"""Less is not worth the two calls and the page faults of a mapping."""
_MMAP_THRESHOLD, _HEAP_BYTES_MAX = -3, 128 * 1024
"""M_MMAP_THRESHOLD of mallopt(3), and what it is at first."""


def new_buffer(size: int) -> memoryview:
    """Returns so many bytes of memory, at least one, that the system takes back with the last view of them."""
    if size < _MAPPED_BYTES_MIN:
        return memoryview(bytearray(size))
    return memoryview(mmap.mmap(-1, size))


def map_large_pieces() -> None:
    """Lets the heap map large pieces for good: glibc stops that for all that are no larger than one given back.

    What TLS has to decrypt are such pieces: a worker of 40 MB had 56 MB after 256 files, measured. Other C
    libraries have no such call, and need none.
    """
    import ctypes  # nothing else needs it

    with contextlib.suppress(OSError, TypeError, AttributeError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _HEAP_BYTES_MAX)
