"""How examples stand at the end of a verb's help.

Must never be anything but text.
"""

from __future__ import annotations


def examples(*lines: str) -> str:
    """Lays command lines out for the end of a help text, one a line; none is wrapped.

    Args:
        lines: As they are typed.
    """
    return "\b\nExamples:\n" + "".join(f"  {line}\n" for line in lines)
