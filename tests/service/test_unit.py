"""Unit and agent as texts: what systemd and launchd read is what was meant."""

from __future__ import annotations

import plistlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tui_downloader.service.agent import agent_label, agent_text
from tui_downloader.service.plan import ServicePlan
from tui_downloader.service.unit import HARDENING, quoted, unit_file, unit_name, unit_text

HOSTILE = '/home/a b/100% "x" $HOME \\n'
"""A directory whose name means something to systemd in many ways."""


def plan(identifier: str = "nightly", state: str = "/home/ada/.local/state/tuidl", **more: object) -> ServicePlan:
    """Make a plan."""
    values: dict[str, object] = {
        "identifier": identifier,
        "python": sys.executable,
        "state_directory": Path(state),
        "is_usual_place": True,
        "settings_file": Path("/home/ada/.config/tuidl/settings.toml"),
    }
    return ServicePlan(**(values | more))  # type: ignore[arg-type]  # passed through


def test_the_command_is_the_worker_of_the_session() -> None:
    text = unit_text(plan())
    assert f'ExecStart=:"{sys.executable}" "-P" "-m" "tui_downloader" "-s" %i "worker" "--if-needed"\n' in text
    assert 'Environment="TUIDL_STATE_DIR=/home/ada/.local/state/tuidl"\n' in text
    assert "EnvironmentFile=-/home/ada/.config/tuidl/service.env\n" in text
    assert all(each in text for each in HARDENING)
    assert not any(each in unit_text(plan(), hardened=False) for each in HARDENING)


def test_other_places_have_names_of_their_own() -> None:
    usual, other = plan(), plan(state="/srv/state", is_usual_place=False)
    assert (unit_file(usual), unit_name(usual)) == ("tuidl@.service", "tuidl@nightly.service")
    assert unit_file(other) not in {unit_file(usual), unit_file(plan(state="/srv/b", is_usual_place=False))}
    assert unit_file(other).startswith("tuidl-")


def test_a_word_is_quoted_as_systemd_reads_it() -> None:
    assert quoted('a "b"\\ 5%\n') == '"a \\"b\\"\\\\ 5%%\\n"'


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
@pytest.mark.parametrize("hostile", [False, True])
def test_systemd_finds_nothing_wrong_with_the_unit(hostile: bool, tmp_path: Path) -> None:
    directory = tmp_path / (HOSTILE.strip("/").replace("/", "_") if hostile else "usual")
    directory.mkdir()
    python = tmp_path / ("a b 100% $HOME" if hostile else "python")  # systemd allows no quotes in a program's name
    python.symlink_to(sys.executable)
    chosen = plan(python=str(python), state=str(directory), settings_file=directory / "settings.toml")
    (tmp_path / unit_file(chosen)).write_text(unit_text(chosen))
    instance = tmp_path / unit_name(chosen)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", "--man=no", str(instance)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)},
    )
    ours = [line for line in done.stderr.splitlines() if "tuidl" in line]
    assert ours == []
    assert done.returncode == 0, done.stderr


def test_launchd_reads_what_was_meant() -> None:
    chosen = plan(state=HOSTILE)
    read = plistlib.loads(agent_text(chosen, home=Path("/Users/ada")))
    assert read["Label"] == agent_label(chosen) == "tuidl.nightly"
    assert read["ProgramArguments"][-4:] == ["-s", "nightly", "worker", "--if-needed"]
    assert read["EnvironmentVariables"]["TUIDL_STATE_DIR"] == HOSTILE
    assert read["KeepAlive"] == {"SuccessfulExit": False}
    assert read["RunAtLoad"] is True
