"""How a service stands, as a value.

Owns the value alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """How the service of a session stands."""

    file: Path | None
    """The unit or agent; `None` if there is none."""
    enabled: bool
    """Whether the session's worker is started at login."""
    active: bool
    """Whether it runs now."""
    starts_at_boot: bool
    """Whether the user's services start at boot and stay after the last logout (lingering)."""
