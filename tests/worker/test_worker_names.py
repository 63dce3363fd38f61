"""Names and places through real workers: nobody's file is overwritten, and every file is whole."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import Redirect, SlowHeaders, StallAfter
from tests.support.session_control import SessionControl, session_control, wait_until
from tui_downloader.model.download import Download
from tui_downloader.model.events import EventKind
from tui_downloader.model.lifecycle import Reason, State

SIZE = 200_000
MINE = b"somebody's own bytes"


def offer(server: FaultServer, name: str, *, seed: int, size: int = SIZE) -> tuple[str, bytes]:
    """Serve bytes under a name that the header says; half of them come before the gate opens."""
    content = body(seed, size)
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    url = server.add(
        f"/get?{seed}", Resource(content, disposition=disposition), faults=[StallAfter(len(content) // 2)]
    )
    return url, content


def names_in(directory: Path) -> set[str]:
    return {each.name for each in directory.iterdir()}


def renames(control: SessionControl, download_id: int) -> list[tuple[object, object]]:
    events = control.session.events_of(download_id)
    return [(each.fields["from"], each.fields["to"]) for each in events if each.kind is EventKind.RENAMED]


def half_way(control: SessionControl, *ids: int) -> None:
    for each in ids:
        control.wait_for_bytes(each, SIZE // 2)


def key(name: str) -> str:
    """Return what a file system without case and normal forms makes of a name."""
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())


def plant_file(target: Path, outside: Path) -> None:
    target.write_bytes(MINE)


def plant_directory(target: Path, outside: Path) -> None:
    target.mkdir()


def plant_link(target: Path, outside: Path) -> None:
    outside.write_bytes(MINE)
    target.symlink_to(outside)


def plant_dead_link(target: Path, outside: Path) -> None:
    target.symlink_to(outside)


Plant = Callable[[Path, Path], None]
PLANTS: list[Plant] = [plant_file, plant_directory, plant_link, plant_dead_link]


def looks(path: Path) -> tuple[object, ...]:
    """Return everything that must not change about what somebody put there."""
    status = path.lstat()
    content = path.read_bytes() if path.is_file() else None
    return (status.st_mode, status.st_ino, status.st_mtime_ns, content, path.is_symlink())


def test_there_is_no_path_before_there_is_a_name(control: SessionControl, fault_server: FaultServer) -> None:
    url = fault_server.add("/a.bin", Resource(b"bytes"), faults=[SlowHeaders(None)])
    (download_id,) = control.add(url)
    row = control.wait_for(download_id, State.CONNECTING)
    assert (row.filename, row.path) == (None, None)
    fault_server.wait_for(lambda log: len(log) > 0)
    assert names_in(control.downloads) == set()
    fault_server.release()
    assert control.wait_for(download_id, State.COMPLETED).path == control.downloads / "a.bin"
    assert renames(control, download_id) == []


def test_several_of_one_name_at_once(control: SessionControl, fault_server: FaultServer) -> None:
    offers = [offer(fault_server, "a.tar.gz", seed=seed) for seed in range(4)]
    ids = control.add(*(url for url, _ in offers))
    half_way(control, *ids)
    expected = {"a.tar.gz", "a (1).tar.gz", "a (2).tar.gz", "a (3).tar.gz"}
    assert {control.row(each).filename for each in ids} == expected
    fault_server.release()
    for download_id, (_, content) in zip(ids, offers, strict=True):
        row = control.wait_for(download_id, State.COMPLETED)
        assert row.path is not None
        assert row.path.read_bytes() == content
        assert renames(control, download_id) == []
    assert names_in(control.downloads) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("README", "readme"),
        ("caf\u00e9.txt", "cafe\u0301.txt"),
        ("CAF\u00c9.TXT", "cafe\u0301.txt"),
        ("stra\u00dfe", "STRASSE"),
    ],
)
def test_twins_are_not_given_to_two_at_once(
    control: SessionControl, fault_server: FaultServer, one: str, other: str
) -> None:
    offers = [offer(fault_server, one, seed=1), offer(fault_server, other, seed=2)]
    ids = control.add(*(url for url, _ in offers))
    half_way(control, *ids)
    names = [control.row(each).filename or "" for each in ids]
    assert key(names[0]) != key(names[1])
    assert any(" (1)" in each for each in names)
    fault_server.release()
    for download_id, (_, content) in zip(ids, offers, strict=True):
        row = control.wait_for(download_id, State.COMPLETED)
        assert row.path is not None
        assert row.path.read_bytes() == content
    assert names_in(control.downloads) == set(names)


@pytest.mark.parametrize("plant", PLANTS)
def test_what_is_there_before_stays(
    control: SessionControl, fault_server: FaultServer, plant: Plant, tmp_path: Path
) -> None:
    target, outside = control.downloads / "a.bin", tmp_path / "outside"
    plant(target, outside)
    before = looks(target)
    url, content = offer(fault_server, "a.bin", seed=1)
    fault_server.release()
    (download_id,) = control.add(url)
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path == control.downloads / "a (1).bin"
    assert row.path.read_bytes() == content
    assert renames(control, download_id) == []
    assert looks(target) == before
    assert outside.exists() == (plant is plant_link)
    assert names_in(control.downloads) == {"a.bin", "a (1).bin"}


@pytest.mark.parametrize("plant", PLANTS)
def test_what_comes_meanwhile_stays(
    control: SessionControl, fault_server: FaultServer, plant: Plant, tmp_path: Path
) -> None:
    target, outside = control.downloads / "a.bin", tmp_path / "outside"
    url, content = offer(fault_server, "a.bin", seed=1)
    (download_id,) = control.add(url)
    half_way(control, download_id)
    assert control.row(download_id).path == target
    plant(target, outside)
    before = looks(target)
    fault_server.release()
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path == control.downloads / "a (1).bin"
    assert row.path.read_bytes() == content
    assert renames(control, download_id) == [("a.bin", "a (1).bin")]
    assert looks(target) == before
    assert outside.exists() == (plant is plant_link)
    assert names_in(control.downloads) == {"a.bin", "a (1).bin"}


@pytest.mark.parametrize("plant", PLANTS)
def test_a_part_file_is_never_somebody_elses(
    control: SessionControl, fault_server: FaultServer, plant: Plant, tmp_path: Path
) -> None:
    target, outside = control.downloads / "a.bin.part", tmp_path / "outside"
    plant(target, outside)
    before = looks(target)
    url, content = offer(fault_server, "a.bin", seed=1)
    (download_id,) = control.add(url)
    half_way(control, download_id)
    assert control.row(download_id).part_path == control.downloads / "a.bin.part1"
    fault_server.release()
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path == control.downloads / "a.bin"
    assert row.path.read_bytes() == content
    assert looks(target) == before
    assert outside.exists() == (plant is plant_link)
    assert names_in(control.downloads) == {"a.bin", "a.bin.part"}


@pytest.mark.parametrize("paused", [True, False])
def test_a_link_in_the_place_of_the_part_file_is_not_followed(
    control: SessionControl, fault_server: FaultServer, tmp_path: Path, paused: bool
) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(body(1, SIZE))  # even the very bytes that are expected
    before = looks(outside)
    url, _ = offer(fault_server, "a.bin", seed=1)
    (download_id,) = control.add(url)
    half_way(control, download_id)
    part_path = control.row(download_id).part_path
    assert part_path is not None
    if paused:
        control.session.pause([download_id])
        control.wait_for(download_id, State.PAUSED)
    part_path.unlink()
    part_path.symlink_to(outside)
    if paused:
        control.session.resume([download_id])
    fault_server.release()
    row = control.wait_for(download_id, State.FAILED, State.COMPLETED)
    assert (row.state, row.reason) == (State.FAILED, Reason.DESTINATION)
    assert looks(outside) == before
    assert names_in(control.downloads) == {"a.bin.part"}


HOSTILE = [
    "../../outside",
    "..\\..\\outside",
    "/etc/outside",
    "C:\\outside",
    "..",
    "a/../../outside",
    "-rf",
    ".bashrc",
    "\u202etxt.exe",
    "a\x1b[2J\x00b\r\nc.txt",
    "CON.txt",
    "é" * 400 + ".tar.gz",
    "🎉" * 200,
]


def hostile_url(server: FaultServer, name: str, where: str, *, seed: int) -> tuple[str, bytes]:
    """Serve bytes so that a hostile name stands in the header, in the URL, or where a redirect leads to."""
    if where == "disposition":
        return offer(server, name, seed=seed)
    path = "/" + "".join(f"%{byte:02X}" for byte in name.encode())
    content = b"%d" % seed
    url = server.add(path, Resource(content))
    if where == "redirect":
        url = server.add(f"/start?{seed}", Resource(b""), faults=[Redirect(path)])
    return url, content


@pytest.mark.parametrize("where", ["disposition", "url", "redirect"])
def test_hostile_names_stay_in_the_directory(
    control: SessionControl, fault_server: FaultServer, where: str, tmp_path: Path
) -> None:
    before = names_in(tmp_path)
    offers = [hostile_url(fault_server, name, where, seed=seed) for seed, name in enumerate(HOSTILE)]
    fault_server.release()
    ids = control.add(*(url for url, _ in offers))
    given = set()
    for download_id, (_, content) in zip(ids, offers, strict=True):
        row = control.wait_for(download_id, State.COMPLETED)
        assert row.path is not None
        assert row.path.parent == control.downloads
        assert row.path.read_bytes() == content
        given.add(row.path.name)
    assert names_in(control.downloads) == given
    assert len(given) == len(HOSTILE)
    assert names_in(tmp_path) - before <= {"state"}
    for name in given:
        assert not name.startswith((".", "-"))
        assert name.isprintable()
        assert unicodedata.is_normalized("NFC", name)


class Others:
    """Somebody who makes files of the very same names at the very same time."""

    def __init__(self, directory: Path, names: Sequence[str]) -> None:
        """Wait for `begin`."""
        self._directory = directory
        self._names = names
        self._begun = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.made: list[str] = []
        """Names that were free."""
        self._thread.start()

    def begin(self) -> None:
        self._begun.set()

    def join(self) -> None:
        self._thread.join()

    def _run(self) -> None:
        self._begun.wait()
        for name in self._names:
            # The moment between the last byte and the name is the one that is looked for.
            part = self._directory / f"{name}.part"
            wait_until(lambda part=part: not part.exists() or part.stat().st_blocks * 512 >= SIZE)  # type: ignore[misc]  # a default for the loop's variable
            try:
                with (self._directory / name).open("xb") as file:
                    file.write(MINE)
            except FileExistsError:
                continue
            self.made.append(name)


@pytest.fixture
def two_sessions(tmp_path: Path, write_settings: Path) -> Iterator[list[SessionControl]]:
    """Yield two sessions with a downloads folder in common and workers of their own."""
    write_settings.write_text(write_settings.read_text() + "downloads_at_once = 12\n")
    with session_control(tmp_path, "one") as one, session_control(tmp_path, "two") as two:
        yield [one, two]


@pytest.mark.parametrize("other_spelling", [str, str.swapcase, lambda name: unicodedata.normalize("NFD", name)])
def test_two_sessions_and_somebody_else_want_the_same_names_at_once(
    two_sessions: list[SessionControl], fault_server: FaultServer, other_spelling: Callable[[str], str]
) -> None:
    names = [f"Caf\u00e9 {number}.bin" for number in range(6)]
    directory = two_sessions[0].downloads
    wanted: list[tuple[SessionControl, int, bytes]] = []
    for seed, control in enumerate(two_sessions):
        spelled = names if seed == 0 else [other_spelling(name) for name in names]
        offers = [offer(fault_server, name, seed=10 * seed + at) for at, name in enumerate(spelled)]
        ids = control.add(*(url for url, _ in offers))
        wanted += [(control, each, content) for each, (_, content) in zip(ids, offers, strict=True)]
    others = Others(directory, names)
    for control, download_id, _ in wanted:
        half_way(control, download_id)
    others.begin()
    fault_server.release()
    rows: list[Download] = []
    for control, download_id, content in wanted:
        row = control.wait_for(download_id, State.COMPLETED)
        assert row.path is not None
        assert row.path.read_bytes() == content
        assert not row.path.is_symlink()
        assert row.path.stat().st_nlink == 1
        rows.append(row)
    others.join()
    for name in others.made:
        assert (directory / name).read_bytes() == MINE
    given = [row.filename for row in rows]
    assert len(set(given)) == len(given)
    assert names_in(directory) == {*given, *others.made}


def test_a_name_that_is_given_up_is_free_again(control: SessionControl, fault_server: FaultServer) -> None:
    first_url, _ = offer(fault_server, "a.bin", seed=1)
    second_url, content = offer(fault_server, "A.BIN", seed=2)
    (first,) = control.add(first_url)
    half_way(control, first)
    control.session.remove([first])
    wait_until(lambda: not names_in(control.downloads), what="the part file's end")
    fault_server.release()
    (second,) = control.add(second_url)
    row = control.wait_for(second, State.COMPLETED)
    assert row.path == control.downloads / "A.BIN"
    assert row.path.read_bytes() == content
