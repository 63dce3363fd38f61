"""Deterministic bodies for resources.

Owns how test bytes are made. Must never depend on time, platform or global random state.
"""

from __future__ import annotations

import random


def body(seed: int, size: int) -> bytes:
    """Return `size` incompressible bytes that depend on `seed` alone.

    Args:
        seed: any int; different seeds give different bytes at (nearly) every position.
        size: length in bytes.
    """
    return random.Random(seed).randbytes(size)
