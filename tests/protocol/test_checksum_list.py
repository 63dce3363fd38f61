"""Lists of digests, as they are published and as they should not be."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_downloader.model.checksum import DIGEST_BYTES
from tui_downloader.protocol.checksum_list import ChecksumLine, find, names_for, parse

A, B = hashlib.sha256(b"a").hexdigest(), hashlib.sha256(b"b").hexdigest()
HEX = {algorithm: ("0123456789abcdef" * 8)[: 2 * size] for algorithm, size in DIGEST_BYTES.items()}
TAGS = {"md5": "MD5", "sha-1": "SHA1", "sha-256": "SHA256", "sha-512": "SHA512"}

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(
    lambda name: name.strip(" \t") not in {"", "-"}
)


def escaped(name: str) -> tuple[str, str]:
    """Return what stands before the line, and the name, as the tools of GNU write them."""
    text = name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
    return ("\\" if text != name else ""), text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"{A}  a.iso", "a.iso"),
        (f"{A} *a.iso", "a.iso"),
        (f"{A}  *a.iso", "*a.iso"),
        (f"{A} a.iso", "a.iso"),
        (f"{A}\ta.iso", "a.iso"),
        (f"{A}  a b  c.iso", "a b  c.iso"),
        (f"{A.upper()}  ./x/a.iso\r", "./x/a.iso"),
        (f"  {A}  a.iso", "a.iso"),
        (f"\ufeff{A}  a.iso", "a.iso"),
        (f"\\{A}  a\\\\b\\nc\\rd", "a\\b\nc\rd"),
        (f"{A}  a\\nb", "a\\nb"),
        (f"SHA256 (a (1).iso) = {A}", "a (1).iso"),
        (f"SHA256(a.iso)= {A}", "a.iso"),
        (f"SHA2-256(a.iso)= {A}", "a.iso"),
        (f"sha-256 (a.iso) = {A}\r", "a.iso"),
        (f"\\SHA256 (a\\\\b) = {A}", "a\\b"),
        (A, None),
        (f"{A}  -", None),
        (f"{A}  \r", None),
    ],
)
def test_one_line(text: str, name: str | None) -> None:
    assert parse(text) == [ChecksumLine("sha-256", A, name)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# a comment",
        "-----BEGIN PGP SIGNED MESSAGE-----",
        "Hash: SHA512",
        f"# {A}  a.iso",
        f"{A[:-1]}  a.iso",
        f"{A}{A}{A}  a.iso",
        f"{'g' * 64}  a.iso",
        f"MD5 (a.iso) = {A}",
        f"BLAKE2b (a.iso) = {HEX['sha-512']}",
        f"SHA256 () = {A}",
        f"SHA256 (a.iso) = {A} and more",
        f"\\{A}  a\\tb",
        f"\\{A}  a\\",
        f"{A}a.iso",
    ],
)
def test_what_is_no_digest_is_left_out(text: str) -> None:
    assert parse(text) == []


@pytest.mark.parametrize("algorithm", DIGEST_BYTES)
def test_the_length_tells_the_algorithm(algorithm: str) -> None:
    assert parse(f"{HEX[algorithm]}  a") == [ChecksumLine(algorithm, HEX[algorithm], "a")]


def test_a_signed_list_with_comments() -> None:
    text = f"-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA1\r\n\r\n# today\r\n{A} *a\r\n{B}  b\r\n-----END\r\n"
    assert [(line.name, line.value) for line in parse(text)] == [("a", A), ("b", B)]


@given(st.sampled_from(sorted(DIGEST_BYTES)), NAMES, st.sampled_from(["text", "binary", "tag"]), st.booleans())
def test_what_the_tools_write_is_read_back(algorithm: str, name: str, form: str, windows: bool) -> None:
    mark, shown = escaped(name)
    value = HEX[algorithm]
    line = {
        "text": f"{mark}{value}  {shown}",
        "binary": f"{mark}{value} *{shown}",
        "tag": f"{mark}{TAGS[algorithm]} ({shown}) = {value}",
    }[form]
    text = f"# first\r\n{line}\r\n" if windows else f"# first\n{line}\n"
    assert parse(text) == [ChecksumLine(algorithm, value, name)]
    assert find(parse(text), [name]) == (algorithm, value)


@given(st.text(st.sampled_from("0123456789abcdefAF \t\r\n\\*()=-./#SHA256MD5")) | st.text())
def test_no_text_raises(text: str) -> None:
    for line in parse(text):
        assert len(line.value) == 2 * DIGEST_BYTES[line.algorithm]
        assert line.value == line.value.lower()
    find(parse(text), names_for(text, requested=text))


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="needs the tools of GNU")
@pytest.mark.parametrize("form", ["--text", "--binary", "--tag"])
def test_the_tool_itself(tmp_path: Path, form: str) -> None:
    names = ["a.iso", "b c.iso", "back\\slash", "line\nend", "(x) = y", " blank", "*star", "ümlaut"]
    for name in names:
        (tmp_path / name).write_bytes(name.encode())
    done = subprocess.run(["sha256sum", form, *names], cwd=tmp_path, capture_output=True, check=True)
    lines = parse(done.stdout.decode())
    assert [line.name for line in lines] == names
    for name in names:
        assert find(lines, [name]) == ("sha-256", hashlib.sha256(name.encode()).hexdigest())


# ---------------------------------------------------------------------------------------------------- which line


def lines(*pairs: tuple[str | None, str]) -> list[ChecksumLine]:
    return [ChecksumLine("sha-256", value, name) for name, value in pairs]


@pytest.mark.parametrize(
    ("url", "requested", "expected"),
    [
        ("https://h/pub/a.iso", None, ["pub/a.iso", "a.iso"]),
        ("https://h/a.iso?token=x#top", "mine", ["mine", "a.iso"]),
        ("https://h/a%20b%C3%BC.iso", None, ["a bü.iso"]),
        ("https://h/a%FC.iso", None, ["aü.iso"]),
        ("https://h/b/x%2Fa.iso", None, ["b/x/a.iso", "x/a.iso", "a.iso"]),
        ("https://h/pub/", None, []),
        ("https://h", None, []),
        ("https://[h/a", None, []),
        ("https://h/" + "d/" * 5000 + "a", None, ["/".join([*"d" * each, "a"]) for each in range(7, -1, -1)]),
    ],
)
def test_names_for_a_url(url: str, requested: str | None, expected: list[str]) -> None:
    assert names_for(url, requested=requested) == expected


def test_the_likelier_name_counts_first() -> None:
    listed = lines(("a.iso", A), ("mine", B))
    assert find(listed, names_for("https://h/a.iso", requested="mine")) == ("sha-256", B)
    assert find(listed, names_for("https://h/a.iso", requested="other")) == ("sha-256", A)


def test_folders_tell_files_of_one_name_apart() -> None:
    listed = lines(("./cdrom/initrd.gz", A), ("./netboot/initrd.gz", B))
    assert find(listed, names_for("https://h/images/netboot/initrd.gz")) == ("sha-256", B)
    assert find(listed, names_for("https://h/elsewhere/initrd.gz")) is None


def test_a_listed_folder_may_be_another_one() -> None:
    assert find(lines(("pub/a.iso", A)), names_for("https://h/mirror/a.iso")) == ("sha-256", A)


def test_the_exact_name_counts_before_one_in_a_folder() -> None:
    assert find(lines(("old/a.iso", B), ("a.iso", A)), ["a.iso"]) == ("sha-256", A)


@pytest.mark.parametrize("name", ["b.iso", "A.ISO", "a.iso.sig", "iso"])
def test_another_name_is_not_meant(name: str) -> None:
    assert find(lines(("a.iso", A), ("c.iso", B)), [name]) is None


def test_the_strongest_algorithm_counts() -> None:
    listed = [ChecksumLine(algorithm, HEX[algorithm], "a") for algorithm in ("md5", "sha-512", "sha-256")]
    assert find(listed, ["a"]) == ("sha-512", HEX["sha-512"])


def test_lines_that_disagree_say_nothing() -> None:
    assert find(lines(("a", A), ("a", B)), ["a"]) is None
    assert find(lines(("a", A), ("a", A)), ["a"]) == ("sha-256", A)


def test_a_digest_alone_means_any_file() -> None:
    assert find(lines((None, A)), ["a"]) == find(lines((None, A)), []) == ("sha-256", A)
    assert find(lines((None, A), ("b", B)), ["a"]) is None


def test_composed_and_decomposed_names_are_the_same() -> None:
    assert find(lines(("u\u0308.iso", A)), ["ü.iso"]) == ("sha-256", A)
