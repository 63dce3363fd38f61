"""What downloads survive here: closing the terminal, logging out, sleeping, a reboot.

Owns these checks. Must never promise what nobody said.
"""

from __future__ import annotations

from tui_downloader.doctor.check import Check, note, ok, wrong
from tui_downloader.doctor.facts import SurvivalFacts
from tui_downloader.session.login import LoginEnd

_STOPS = "Logging out ends the worker; downloads go on at your next tuidl."
_LINGER = "loginctl enable-linger"


def survival(facts: SurvivalFacts) -> list[Check]:
    """Says what downloads survive."""
    return [
        ok("terminal", "Closing the terminal: downloads go on."),
        _logout(facts.login, can_scope=facts.can_scope),
        ok("suspend", "Sleep: downloads go on after waking; connections that broke are made again."),
        _reboot(facts),
    ]


def _logout(login: LoginEnd, *, can_scope: bool) -> Check:
    """Says what logging out does to a worker that is started here."""
    name = "logout"
    if login.in_login_scope and login.kills:
        return _ended_with_login(login, can_scope=can_scope)
    if login.in_user_manager and login.lingers is False:
        if login.over_ssh:
            return wrong(name, f"{_STOPS} (It belongs to your service manager, and lingering is off.)", _LINGER)
        return note(name, f"Logging out of the desktop: {_STOPS[:1].lower()}{_STOPS[1:]}", _LINGER)
    if (login.in_login_scope and login.kills is None) or (login.in_user_manager and login.lingers is None):
        return note(name, "Logging out: nobody here says whether it ends the worker.", f"{_LINGER} makes it sure")
    return ok(name, "Logging out: downloads go on.")


def _ended_with_login(login: LoginEnd, *, can_scope: bool) -> Check:
    """Says what helps where logind ends what a login leaves behind."""
    name, why = "logout", "(KillUserProcesses=yes)"
    if not can_scope:
        return wrong(
            name,
            f"{_STOPS} {why}",
            "KillUserProcesses=no in /etc/systemd/logind.conf; a user cannot change it here",
        )
    if login.lingers:
        return ok(name, f"Logging out: downloads go on; the worker has a scope of its own {why}.")
    return wrong(
        name, f"Logging out for the last time ends the worker {why}; it goes on at your next tuidl.", _LINGER
    )


def _reboot(facts: SurvivalFacts) -> Check:
    """Says what happens after a reboot."""
    name, service = "reboot", facts.service
    if service is None:
        return note(
            name,
            "Reboot: downloads go on at your next tuidl; there is neither systemd nor launchd to start it.",
            "let whatever starts your programs run: tuidl worker (with cron: @reboot tuidl worker)",
        )
    if not service.enabled:
        return note(name, "Reboot: downloads go on at your next tuidl.", "tuidl service install")
    when = "at boot" if service.starts_at_boot else "when you log in"
    return ok(name, f"Reboot: downloads go on {when}.")
