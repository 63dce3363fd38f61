"""launchd's agent for a session, on macOS. Pure text.

Owns the property list (launchd.plist(5)).
"""

from __future__ import annotations

import plistlib
from pathlib import Path

from tui_downloader.service.plan import ServicePlan


def agent_label(plan: ServicePlan) -> str:
    """Returns the agent's name."""
    return f"{plan.name}.{plan.identifier}"


def agent_text(plan: ServicePlan, *, home: Path) -> bytes:
    """Returns the property list.

    Args:
        plan: What is installed.
        home: The user's; launchd writes what the worker says into its logs.
    """
    return plistlib.dumps(
        {
            "Label": agent_label(plan),
            "ProgramArguments": plan.command(plan.identifier),
            "EnvironmentVariables": dict(plan.variables),
            "WorkingDirectory": "/",
            "RunAtLoad": True,
            "KeepAlive": {"SuccessfulExit": False},
            "ThrottleInterval": 30,
            "ProcessType": "Background",
            "StandardErrorPath": str(home / "Library" / "Logs" / f"{agent_label(plan)}.log"),
        }
    )
