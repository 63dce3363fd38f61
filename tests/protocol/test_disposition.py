"""`Content-Disposition` as the RFCs have it, and as servers write it."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_downloader.protocol.disposition import filename_from_disposition

BY_THE_BOOK: list[tuple[bytes | str, str | None]] = [
    ("attachment", None),
    ("inline", None),
    ('attachment; filename="a.html"', "a.html"),
    ("attachment; filename=a.html", "a.html"),
    ('Attachment; FileName="a.html"', "a.html"),
    ('inline; filename="a.html"', "a.html"),
    ('attachment; filename="with \\"quotes\\".html"', 'with "quotes".html'),
    ('attachment; filename="a;b.html"', "a;b.html"),
    ('attachment; filename="f\\oo.html"', "foo.html"),
    ("attachment; filename*=UTF-8''a%20%e2%82%ac.txt", "a €.txt"),
    ("attachment; filename*=iso-8859-1'en'%A3%20rates", "£ rates"),
    ("attachment; filename=\"EURO rates\"; filename*=utf-8''%e2%82%ac%20rates", "€ rates"),
    ("attachment; filename*=utf-8''%e2%82%ac%20rates; filename=\"EURO rates\"", "€ rates"),
    ('attachment; name="x"; filename="a.html"; size=3', "a.html"),
]

AS_SENT: list[tuple[bytes | str, str | None]] = [
    # no quotes, but blanks; quotes of the wrong kind; blanks around everything
    ("attachment; filename=a b c.txt", "a b c.txt"),
    ("attachment; filename='a b.txt'", "a b.txt"),
    ('attachment ; filename = "a.txt" ; x = y', "a.txt"),
    ("attachment; filename *= UTF-8''a.txt", "a.txt"),
    # too many semicolons, or none
    ('attachment;; ;filename="a.txt";;', "a.txt"),
    ('attachment filename="a.txt"', "a.txt"),
    ('attachment; filename="a.txt" size=12', "a.txt"),
    ('filename="a.txt"', "a.txt"),
    ("filename=a.txt", "a.txt"),
    # quotes that do not match, or stand inside
    ('attachment; filename="a.txt', "a.txt"),
    ('attachment; filename="a "b" c.txt"; x=y', 'a "b" c.txt'),
    ('attachment; filename=""', None),
    ("attachment; filename=", None),
    # extended values gone wrong
    ("attachment; filename*=\"UTF-8''a%20b.txt\"", "a b.txt"),
    ("attachment; filename*=a%20b.txt", "a b.txt"),
    ("attachment; filename*=UTF8''%C3%A9.txt", "é.txt"),
    ("attachment; filename*=UTF-8''%E9.txt; filename=e.txt", "e.txt"),
    ("attachment; filename*=nonsense''x; filename=e.txt", "e.txt"),
    ("attachment; filename*=UTF-8''; filename=e.txt", "e.txt"),
    ("attachment; filename*=UTF-8''\"a%20b.txt\"", "a b.txt"),
    ("attachment; filename*=UTF-8''%22a%22", '"a"'),
    ("attachment; filename=UTF-8''a%20%E2%82%AC.txt", "a €.txt"),
    ("attachment; filename=\"utf-8'en'a%20b.txt\"", "a b.txt"),
    ("attachment; filename=it's 'nothing' extended.txt", "it's 'nothing' extended.txt"),
    ("attachment; filename*=UTF-8''é.txt".encode(), "é.txt"),
    ("attachment; filename*=a; filename*=UTF-8''b; filename=c", "a"),
    # two fields in one
    ('attachment; filename="a.txt", attachment; filename="b.txt"', "a.txt"),
    ("attachment; filename=a.txt, Inline; filename=b.txt", "a.txt"),
    ('attachment; filename="a, inline b.txt"', "a, inline b.txt"),
    ("attachment; filename=a, b.txt", "a, b.txt"),
    # escapes where none belong
    ('attachment; filename="a%20%C3%A9.txt"', "a é.txt"),
    ('attachment; filename="100%.txt"', "100%.txt"),
    ('attachment; filename="=?UTF-8?B?w6kudHh0?="', "é.txt"),
    ("attachment; filename==?UTF-8?Q?=C3=A9.txt?=", "é.txt"),
    # raw bytes
    ('attachment; filename="é €.txt"'.encode(), "é €.txt"),
    ('attachment; filename="é.txt"'.encode("latin-1"), "é.txt"),
    ('attachment; filename="é €.txt"'.encode().decode("latin-1"), "é €.txt"),
    # the wrong name is not taken
    ('attachment; name="; filename=evil.exe"; filename="good.txt"', "good.txt"),
    ('attachment; xfilename="bad.txt"', None),
]

PATHS: list[tuple[bytes | str, str | None]] = [
    ('attachment; filename="C:\\Users\\me\\a.txt"', "a.txt"),
    ('attachment; filename="C:\\\\Users\\\\me\\\\a.txt"', "a.txt"),
    ('attachment; filename="\\\\server\\share\\a.txt"', "a.txt"),
    ("attachment; filename=C:\\temp\\a.txt", "a.txt"),
    ('attachment; filename="/etc/passwd"', "passwd"),
    ('attachment; filename="../../a.txt"', "a.txt"),
    ("attachment; filename*=UTF-8''..%2F..%2Fa.txt", "a.txt"),
    ("attachment; filename*=UTF-8''..%5C..%5Ca.txt", "a.txt"),
    ('attachment; filename="a/b\\c/d.txt"', "d.txt"),
    ("attachment; filename=a\\b\\c.txt", "c.txt"),
    ("attachment; filename*=UTF-8''a%5Cb%2Fc%5Cd.txt", "d.txt"),
    ('attachment; filename="%2e%2e%2f%2e%2e%2fetc%2fpasswd"', "passwd"),
    ('attachment; filename=".."', None),
    ('attachment; filename="dir/"', None),
    ("attachment; filename*=UTF-8''..; filename=e.txt", "e.txt"),
]


@pytest.mark.parametrize(("value", "name"), BY_THE_BOOK + AS_SENT + PATHS)
def test_examples(value: bytes | str, name: str | None) -> None:
    assert filename_from_disposition(value) == name


NAMES = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="/\\"), min_size=1).filter(
    lambda name: name == name.strip() and name not in {".", ".."}
)


@given(NAMES)
def test_extended_values_round_trip(name: str) -> None:
    assert filename_from_disposition(f"attachment; filename*=UTF-8''{quote(name, safe='')}") == name


@given(st.text(st.characters(whitelist_categories=["L", "N"], whitelist_characters=' ";,()'), min_size=1))
def test_quoted_values_round_trip(name: str) -> None:
    quoted = name.strip().replace('"', '\\"')
    assert filename_from_disposition(f'attachment; filename="{quoted}"; x="y"'.encode()) == (name.strip() or None)


@given(st.binary() | st.text() | st.text(alphabet="filename*=;\"\\ '%=?utf-8QB20", max_size=200))
def test_any_value_is_one_component_or_none(value: bytes | str) -> None:
    name = filename_from_disposition(value)
    assert name is None or (name and not {"/", "\\"} & set(name) and name not in {".", ".."})


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "part", ['a="', '"', "\\", "; ", " " * 10, "=?", "%", "'", 'filename="x" ', "=?UTF-8?Q?", ", ", ",inline"]
)
def test_long_nonsense_comes_to_an_end(part: str) -> None:
    filename_from_disposition("attachment; filename=" + part * 50_000)
