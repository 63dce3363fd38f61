"""systemd's unit: a template of which each session is an instance. Pure text.

Owns the text (systemd.service(5), systemd.exec(5), systemd.syntax(7)). Must never let a path be read as anything
but a path.
"""

from __future__ import annotations

from tui_downloader.service.plan import ServicePlan

HARDENING: tuple[str, ...] = (
    "NoNewPrivileges=yes",
    "ProtectSystem=full",
    "ProtectKernelTunables=yes",
    "ProtectControlGroups=yes",
    "RestrictSUIDSGID=yes",
    "RestrictRealtime=yes",
    "LockPersonality=yes",
    "SystemCallArchitectures=native",
    "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK",
)
"""What the worker never needs. Dropping capabilities is not among it: systemd refuses that to users."""

_TEMPLATE = """\
# Made by `tuidl service install`, taken away by `tuidl service remove`.
[Unit]
Description=tuidl downloads of session %i

[Service]
Type=exec
ExecStart=:{command}
WorkingDirectory=/
{environment}
EnvironmentFile=-{variables_file}
# Its codes 2 and 5 say that starting it again would change nothing.
Restart=on-failure
RestartSec=30
RestartPreventExitStatus=2 5
{hardening}
[Install]
WantedBy=default.target
"""


def unit_text(plan: ServicePlan, *, hardened: bool = True) -> str:
    """Returns the text of the template unit.

    Args:
        plan: What is installed.
        hardened: Whether the manager can take from the worker what it never needs.
    """
    command = " ".join("%i" if each == "%i" else quoted(each) for each in plan.command("%i"))
    return _TEMPLATE.format(
        command=command,
        environment="\n".join(
            f"Environment={quoted(f'{name}={value}')}" for name, value in plan.variables.items()
        ),
        variables_file=str(plan.variables_file).replace("%", "%%"),
        hardening="".join(f"{each}\n" for each in HARDENING) if hardened else "",
    )


def unit_file(plan: ServicePlan) -> str:
    """Returns the name of the template's file."""
    return f"{plan.name}@.service"


def unit_name(plan: ServicePlan) -> str:
    """Returns the name of the session's instance."""
    return f"{plan.name}@{plan.identifier}.service"


def quoted(word: str) -> str:
    """Returns a word as systemd reads it back: in quotes, nothing in it expanded."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("%", "%%")
    return f'"{escaped}"'
