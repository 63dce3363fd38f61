"""First lines and first entries: encodings, hostile characters, archives that are bombs."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui_downloader.errors import PreviewError
from tui_downloader.model.display_text import safe
from tui_downloader.preview import media_type
from tui_downloader.preview.decode import Decoder
from tui_downloader.preview.excerpt import COLUMNS, Excerpt
from tui_downloader.preview.excerpts.registry import READERS


def read(decoder: Decoder, folder: Path, content: bytes, *, prefix_bytes: int | None = None) -> Excerpt:
    (folder / "a").write_bytes(content)
    return decoder.excerpt(folder / "a", prefix_bytes=prefix_bytes, deadline_seconds=60.0)


def test_the_child_reads_what_is_called_readable() -> None:
    assert {kind for kind in READERS if media_type.can_read(kind)} == set(READERS)
    assert not any(media_type.can_read(kind) for kind in (None, "image/png", "application/pdf"))


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"Gruss\n\nEnde\n", "ASCII"),
        ("Grüße\n\nEnde\n".encode(), "UTF-8"),
        ("Grüße\r\n\r\nEnde".encode("utf-8-sig"), "UTF-8"),
        ("Grüße\r\rEnde\r".encode("utf-16"), "UTF-16"),
        ("\ufeffGrüße\n\nEnde\n".encode("utf-16-be"), "UTF-16"),
        ("Grüße aus Nürnberg, wo es schön ist\n\nEnde\n".encode("cp1252"), "Windows-1252"),
    ],
)
def test_texts(decoder: Decoder, tmp_path: Path, content: bytes, encoding: str) -> None:
    found = read(decoder, tmp_path, content)
    assert (found.note, len(found.lines), found.is_whole) == (encoding, 3, True)
    assert found.lines[0].startswith(("Grüße", "Gruss"))
    assert found.lines[1:] == ("", "Ende")


def test_a_hundred_lines_and_no_more(decoder: Decoder, tmp_path: Path) -> None:
    found = read(decoder, tmp_path, b"".join(b"%d\n" % number for number in range(1, 102)))
    assert (found.lines[0], found.lines[-1], len(found.lines), found.is_whole) == ("1", "100", 100, False)
    assert read(decoder, tmp_path, b"x\n" * 100).is_whole


def test_a_line_without_end_is_cut(decoder: Decoder, tmp_path: Path) -> None:
    found = read(decoder, tmp_path, b"x" * 3_000_000)
    assert (found.lines, found.is_whole) == (("x" * (COLUMNS - 1) + "…",), False)
    tabs = read(decoder, tmp_path, b"a\tb" + b"\t" * 300 + b"\n").lines[0]
    assert tabs.startswith("a       b")
    assert len(tabs) == COLUMNS


def test_control_characters_are_harmless(decoder: Decoder, tmp_path: Path) -> None:
    found = read(decoder, tmp_path, "a\x1b[2Jb\n[red]\u202e\u200b\n\x1b]0;x\x1b\\\n".encode())
    assert found.lines == ("a\ufffd[2Jb", "[red]\ufffd\ufffd", "\ufffd]0;x\ufffd\\")


def test_a_growing_text_ends_where_it_has_come_to(decoder: Decoder, tmp_path: Path) -> None:
    assert read(decoder, tmp_path, b"one\ntwo\n" + bytes(500), prefix_bytes=8).lines == ("one", "two")


def zip_of(names: list[str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, name * 100)
    return target.getvalue()


def tar_of(names: list[str]) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = 1500
            archive.addfile(member, io.BytesIO(bytes(1500)))
    return target.getvalue()


@pytest.mark.parametrize(
    "pack", [tar_of, lambda names: gzip.compress(tar_of(names)), lambda names: bz2.compress(tar_of(names)),
             lambda names: lzma.compress(tar_of(names))],
)  # fmt: skip
def test_tar_archives(decoder: Decoder, tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    found = read(decoder, tmp_path, pack(["a.txt", "b/\x1b[2J.txt"]))
    assert found == Excerpt("2 entries", ("   1.5 kB  a.txt", "   1.5 kB  b/\ufffd[2J.txt"), is_whole=True)
    many = read(decoder, tmp_path, pack([f"{number}" for number in range(300)]))
    assert (many.note, len(many.lines), many.is_whole) == ("the first 100 entries", 100, False)


def test_zip_archives(decoder: Decoder, tmp_path: Path) -> None:
    found = read(decoder, tmp_path, zip_of(["a.txt", "b/[red].txt"]))
    assert found == Excerpt("2 entries", ("    500 B  a.txt", "   1.1 kB  b/[red].txt"), is_whole=True)
    many = read(decoder, tmp_path, zip_of([f"{number}" for number in range(300)]))
    assert (many.note, len(many.lines), many.is_whole) == ("300 entries", 100, False)


def test_a_zip_with_a_huge_directory_is_counted_only(decoder: Decoder, tmp_path: Path) -> None:
    whole = zip_of(["a"])
    end = whole.rindex(b"PK\x05\x06")
    altered = whole[:end] + whole[end : end + 10] + b"\xff\xff\x00\x00\x00\x7f" + whole[end + 16 :]
    assert read(decoder, tmp_path, altered) == Excerpt("65535 entries or more", (), is_whole=False)


def test_archives_that_break_off(decoder: Decoder, tmp_path: Path) -> None:
    found = read(decoder, tmp_path, tar_of(["a", "b", "c"])[:2500])
    assert (len(found.lines), found.is_whole) == (1, False)
    with pytest.raises(PreviewError, match=r"^the file is damaged$"):
        read(decoder, tmp_path, zip_of(["a", "b"])[:200])
    with pytest.raises(PreviewError, match=r"^the file is damaged$"):
        read(decoder, tmp_path, b"\x1f\x8b\x08\x00" + b"nonsense" * 9)


def test_a_compressed_file_that_is_no_archive(decoder: Decoder, tmp_path: Path) -> None:
    assert read(decoder, tmp_path, gzip.compress(b"words " * 900)).note == "one compressed file"


def test_a_bomb_is_not_unpacked_to_its_end(decoder: Decoder, tmp_path: Path) -> None:
    member = tarfile.TarInfo("zeros")
    member.size = 200_000_000
    bomb = gzip.compress(member.tobuf() + bytes(member.size), 1)
    found = read(decoder, tmp_path, bomb)
    assert (found.lines, found.is_whole) == ((" 200 MB  zeros".rjust(16),), False)


def test_what_has_nothing_to_read(decoder: Decoder, tmp_path: Path) -> None:
    with pytest.raises(PreviewError, match=r"^there is nothing to read in this \(PDF\)$"):
        read(decoder, tmp_path, b"%PDF-1.7\n")
    with pytest.raises(ValueError, match="columns"):
        decoder.excerpt(tmp_path / "a", columns=0)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from([b"PK\x03\x04", b"", b"\x1f\x8b\x08", b"\xff\xfe", b"\xfd7zXZ\x00"]), rest=st.binary()
)
def test_any_bytes_read_or_say_why(decoder: Decoder, tmp_path: Path, start: bytes, rest: bytes) -> None:
    try:
        found = read(decoder, tmp_path, start + rest)
    except PreviewError:
        return
    assert all(safe(line) == line for line in found.lines)
