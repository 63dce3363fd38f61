"""Which name a file gets, and that it is harmless."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui_downloader.protocol.filename import (
    choose_filename,
    name_from_url,
    numbered,
    safe_filename,
    split_extension,
)

URL = "https://example.com/pub/image.iso"

NASTY = st.text(
    st.sampled_from('aé\u0301 \u3000\u00a0.-_/\\:|?*<>"\x00\n\u202e\u200d\ufeff\ud800conCON1$tar.gz🎉'),
    max_size=400,
)


def _chosen(
    *,
    requested: str | None = None,
    disposition: bytes | str | None = None,
    final_url: str = URL,
    original_url: str = "https://example.com/start",
    media_type: str | None = None,
) -> str:
    return choose_filename(
        requested=requested,
        disposition=disposition,
        final_url=final_url,
        original_url=original_url,
        media_type=media_type,
    )


def test_the_order_of_proposals() -> None:
    disposition = 'attachment; filename="b.iso"'
    assert _chosen(requested="mine.iso", disposition=disposition) == "mine.iso"
    assert _chosen(disposition=disposition) == "b.iso"
    assert _chosen() == "image.iso"
    assert _chosen(final_url="https://cdn.example.com/") == "start"
    nowhere = "https://example.com/?id=5"
    assert _chosen(final_url=nowhere, original_url=nowhere, media_type="image/jpeg") == "download.jpg"
    assert _chosen(final_url=nowhere, original_url=nowhere) == "download"


def test_a_proposal_that_leaves_nothing_is_passed_over() -> None:
    assert _chosen(requested=" .. ", disposition='attachment; filename="--"') == "image.iso"
    assert _chosen(disposition="attachment; filename*=UTF-8''%E2%80%AE") == "image.iso"
    assert _chosen(final_url="https://example.com/%2e%2e", original_url=URL) == "image.iso"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://example.com/a/b.tar.gz?key=c/d#e", "b.tar.gz"),
        ("https://example.com/caf%C3%A9.txt", "café.txt"),
        ("https://example.com/caf%E9.txt", "café.txt"),
        ("https://example.com/o/folder%2Fpicture.jpg?alt=media", "picture.jpg"),
        ("https://example.com/a+b.txt", "a+b.txt"),
        ("https://example.com/100%25.txt", "100%.txt"),
        ("https://example.com/dir/", None),
        ("https://example.com", None),
        ("https://example.com/..%2f..", None),
        ("https://[broken/a.txt", None),
        ("", None),
    ],
)
def test_name_from_url(url: str, name: str | None) -> None:
    assert name_from_url(url) == name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("image.iso", "image.iso"),
        ("Ubuntu 24.04 (final) [x64].iso", "Ubuntu 24.04 (final) [x64].iso"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a/b\\c:d", "a_b_c_d"),
        ('<>:"/\\|?*', "_________"),
        (".bashrc", "bashrc"),
        ("-rf", "rf"),
        ("- . -x", "x"),
        ("a.txt. . ", "a.txt"),
        ("a\tb\nc.txt", "a b c.txt"),
        ("a\x1b[2Jb\x9b\x7f.txt", "a[2Jb.txt"),
        ("exe.\u202egpj.txt", "exe.gpj.txt"),
        ("a\u200b\ufeff\u2066b.txt", "ab.txt"),
        ("e\u0301.txt", "é.txt"),
        ("e\u200d\u0301.txt", "é.txt"),
        ("a\ud800.txt", "a.txt"),
        ("CON", "_CON"),
        ("con.txt", "_con.txt"),
        ("con .txt", "_con .txt"),
        ("Com1.tar.gz", "_Com1.tar.gz"),
        ("lpt¹", "_lpt¹"),
        ("NUL.", "_NUL"),
        ("console.txt", "console.txt"),
        ("", "download"),
        ("...", "download"),
        ("\u200b", "download"),
        ("\u3000", "download"),
        ("\u00a0-a\u202fb.txt\u00a0.", "a\u202fb.txt"),
        ("\u115f\u3164", "download"),
        ("日本\u3000語.txt", "日本\u3000語.txt"),
        ("日本語.txt", "日本語.txt"),
    ],
)
def test_safe_filename(name: str, safe: str) -> None:
    assert safe_filename(name) == safe


@pytest.mark.parametrize(
    ("name", "extension"),
    [
        ("a" * 300 + ".tar.zst", ".tar.zst"),
        ("日" * 300 + ".iso", ".iso"),
        ("🎉" * 300 + ".sql.gz", ".sql.gz"),
        ("con" + " " * 300 + "x.txt", ".txt"),
        ("a" * 300, ""),
        ("a." + "b" * 300, ""),
    ],
)
def test_long_names_keep_their_extension(name: str, extension: str) -> None:
    safe = safe_filename(name)
    assert len(safe.encode()) <= 243
    assert safe.endswith(extension)
    assert split_extension(safe)[1] == extension


def test_as_much_of_a_name_is_kept_as_fits() -> None:
    assert safe_filename("a" * 300 + ".iso") == "a" * 229 + ".iso"
    assert safe_filename("a" * 300 + ".iso", reserve_bytes=0) == "a" * 251 + ".iso"
    for impossible in (-1, 250):
        with pytest.raises(ValueError, match="cannot reserve"):
            safe_filename("a", reserve_bytes=impossible)


@pytest.mark.parametrize(
    ("name", "n", "expected"),
    [
        ("a.iso", 1, "a (1).iso"),
        ("a.tar.gz", 1, "a (1).tar.gz"),
        ("my.backup.tar.zst", 12, "my.backup (12).tar.zst"),
        ("dump.sql.gz", 2, "dump (2).sql.gz"),
        ("linux-6.1.3.tar.xz.sig", 1, "linux-6.1.3.tar (1).xz.sig"),
        ("README", 3, "README (3)"),
        ("Mr. Smith goes home", 1, "Mr. Smith goes home (1)"),
    ],
)
def test_numbered(name: str, n: int, expected: str) -> None:
    assert numbered(name, n) == expected


@given(NASTY | st.text(), st.integers(0, 200))
@example("con" + " " * 300 + "x.txt", 12)
@example("a." + "\U00010400" * 16, 200)
def test_safe_names_are_safe(name: str, reserve_bytes: int) -> None:
    safe = safe_filename(name, reserve_bytes=reserve_bytes)
    assert 0 < len(safe.encode()) <= 255 - reserve_bytes
    assert not set('<>:"/\\|?*\0') & set(safe)
    assert safe[0] not in ".- "
    assert safe[-1] not in ". "
    assert safe == safe.strip()
    assert safe == unicodedata.normalize("NFC", safe)
    assert not {"Cc", "Cf", "Cs", "Zl", "Zp"} & set(map(unicodedata.category, safe))
    assert safe.partition(".")[0].strip().upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT1"}
    assert safe_filename(safe, reserve_bytes=reserve_bytes) == safe


@given(NASTY | st.text(), st.integers(1, 10**6))
def test_numbered_names_are_safe_and_leave_room(name: str, n: int) -> None:
    safe = safe_filename(name)
    alternative = numbered(safe, n)
    assert f" ({n})" in alternative
    assert len(alternative.encode()) <= 250
    assert split_extension(alternative)[1] == split_extension(safe)[1]
    assert safe_filename(alternative, reserve_bytes=5) == alternative


@given(st.none() | st.text(), st.none() | st.binary() | st.text(), st.text(), st.text(), st.none() | st.text())
def test_there_is_always_a_safe_name(
    requested: str | None,
    disposition: bytes | str | None,
    final_url: str,
    original_url: str,
    media_type: str | None,
) -> None:
    name = choose_filename(
        requested=requested,
        disposition=disposition,
        final_url=final_url,
        original_url=original_url,
        media_type=media_type,
    )
    assert safe_filename(name) == name
