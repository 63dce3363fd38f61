"""Who gets a name and password: the server they were given for, and nobody else."""

from __future__ import annotations

import base64
import logging
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.fetching import fetch, plan
from tests.support.fault_server import FaultServer, Resource
from tests.support.faults import Redirect
from tui_downloader.engine.address import Address
from tui_downloader.engine.credentials import Login, Netrc, login_for

needs_modes = pytest.mark.skipif(os.name != "posix", reason="only POSIX systems have modes of files")


def write(path: Path, text: str | bytes, mode: int = 0o600) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    path.chmod(mode)
    return path


@pytest.fixture
def netrc_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "netrc"
    monkeypatch.setenv("NETRC", str(path))
    return path


def basic(login: str) -> str:
    return f"Basic {base64.b64encode(login.encode()).decode()}"


# --------------------------------------------------------------------------------------------------- over the wire


def sent_to(server: FaultServer, url: str, **more: object) -> str | None:
    """Fetch, and return the Authorization that the last request to the server carried."""
    fetch(plan(url, **more))  # type: ignore[arg-type]  # passed through
    return server.requests()[-1].field("authorization")


def test_the_netrc_file_is_for_the_machine_that_it_names(netrc_file: Path, fault_server: FaultServer) -> None:
    write(netrc_file, "machine 127.0.0.1 login me password s3cret\nmachine example.com login you password other\n")
    url = fault_server.add("/a", Resource(b"abc"))
    assert sent_to(fault_server, url) == basic("me:s3cret")
    assert sent_to(fault_server, fault_server.url("/a", host="localhost")) is None


def test_the_file_in_the_home_is_the_usual_one(own_environment: Path, fault_server: FaultServer) -> None:
    write(own_environment / ".netrc", 'machine 127.0.0.1 login "a b" password "p # w"')
    assert sent_to(fault_server, fault_server.add("/a", Resource(b"abc"))) == basic("a b:p # w")


def test_what_the_url_or_a_field_says_counts_more(netrc_file: Path, fault_server: FaultServer) -> None:
    write(netrc_file, "machine 127.0.0.1 login me password s3cret")
    url = fault_server.add("/a", Resource(b"abc"))
    in_url = url.replace("http://", "http://you:p%40ss%3A@")
    assert sent_to(fault_server, in_url) == basic("you:p@ss:")
    assert sent_to(fault_server, in_url, fields=[("authorization", "Bearer t")]) == "Bearer t"
    assert sent_to(fault_server, url, fields=[("AUTHORIZATION", "Bearer t")]) == "Bearer t"
    assert sent_to(fault_server, url.replace("http://", "http://only@")) == basic("only:")


def test_no_entry_is_sent_after_a_redirect_to_another_origin(netrc_file: Path, fault_server: FaultServer) -> None:
    """Not even the one of the server that the redirect leads to: the user did not choose that server."""
    write(netrc_file, "machine 127.0.0.1 login me password s3cret\nmachine localhost login you password other\n")
    with FaultServer() as other:
        other.add("/x", Resource(b"abc"))
        by_name = fault_server.add("/a", Resource(b""), faults=[Redirect(other.url("/x", host="localhost"))])
        same_machine = fault_server.add("/b", Resource(b""), faults=[Redirect(other.url("/x"))])
        for url in (by_name, same_machine):
            fetch(url)
            assert fault_server.requests()[-1].field("authorization") == basic("me:s3cret")
            assert other.requests()[-1].field("authorization") is None


def test_a_redirect_within_the_origin_keeps_the_login(netrc_file: Path, fault_server: FaultServer) -> None:
    write(netrc_file, "machine 127.0.0.1 login me password s3cret")
    fault_server.add("/x", Resource(b"abc"))
    assert sent_to(fault_server, fault_server.add("/a", Resource(b""), faults=[Redirect("/x")])) == basic(
        "me:s3cret"
    )


def test_a_stored_final_url_gets_no_login_of_another_origin(netrc_file: Path, fault_server: FaultServer) -> None:
    write(netrc_file, "machine 127.0.0.1 login me password s3cret")
    url = fault_server.add("/a", Resource(b"abc"))
    assert sent_to(fault_server, url, original_url="http://me:pw@example.com/a") is None


# ----------------------------------------------------------------------------------------------------- the choice


@pytest.mark.parametrize(
    ("text", "host", "login"),
    [
        ("machine example.com login a password b", "EXAMPLE.com", ("a", "b")),
        ("machine Example.COM login a password b", "example.com", ("a", "b")),
        ("machine ::1 login a password b", "[::1]", ("a", "b")),
        ("machine a.example login a password b", "b.a.example", None),
        ("default login a password b", "example.com", None),
        ("machine example.com login a", "example.com", ("a", "")),
        ("machine example.com password b", "example.com", ("", "b")),
        ("", "example.com", None),
    ],
)
def test_entries(tmp_path: Path, text: str, host: str, login: tuple[str, str] | None) -> None:
    found = Netrc(write(tmp_path / "netrc", text)).login(host)
    assert (None if found is None else (found.name, found.password)) == login


def test_international_names_are_found_as_they_are_resolved(tmp_path: Path) -> None:
    logins = Netrc(write(tmp_path / "netrc", "machine xn--mnchen-3ya.de login a password b"))
    url = Address.of("https://münchen.de/a")
    assert login_for(url, url, logins) == Login("a", "b")


def test_another_scheme_or_port_is_another_origin(tmp_path: Path) -> None:
    logins = Netrc(write(tmp_path / "netrc", "machine example.com login a password b"))
    original = Address.of("http://example.com/a")
    for url, known in [
        ("http://example.com:80/b", True),
        ("https://example.com/a", False),
        ("http://example.com:8080/a", False),
    ]:
        assert (login_for(Address.of(url), original, logins) is not None) is known


def test_no_secret_is_in_a_repr(tmp_path: Path) -> None:
    logins = Netrc(write(tmp_path / "netrc", "machine example.com login somebody password s3cret"))
    login = logins.login("example.com")
    assert login is not None
    assert "s3cret" not in repr(login) + str(login) + repr(logins)
    assert "somebody" not in repr(login)


# ----------------------------------------------------------------------------------------- files that are no good


def warnings_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


@needs_modes
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_file_that_others_can_read_is_not_used_and_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, mode: int
) -> None:
    path = write(tmp_path / "netrc", "machine example.com login a password s3cret", mode)
    logins = Netrc(path)
    assert [logins.login("example.com") for _ in range(3)] == [None] * 3
    (told,) = warnings_of(caplog)
    assert str(path) in told
    assert "others can read it" in told
    path.chmod(0o600)
    assert logins.login("example.com") == Login("a", "s3cret"), "the file is looked at again"
    assert len(warnings_of(caplog)) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"machine example.com login a password s3cret s3cret",
        b"machine example.com\nlogin a\npassword 's3cret\nunknown",
        b'machine example.com login a password "s3cret',
        b"\xff\xfe\x00s3cret\x81",
        b"machine example.com login a password s3cret account",
    ],
)
def test_a_file_that_cannot_be_understood_is_told_once_without_its_words(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes
) -> None:
    logins = Netrc(write(tmp_path / "netrc", content))
    for _ in range(3):
        logins.login("example.com")
    told = warnings_of(caplog)
    assert len(told) <= 1
    assert "s3cret" not in caplog.text


@given(content=st.binary(max_size=200) | st.text('machine login password default macdef #"\\\n a1', max_size=200))
def test_no_content_breaks_anything(tmp_path_factory: pytest.TempPathFactory, content: bytes | str) -> None:
    path = write(tmp_path_factory.getbasetemp() / "any-netrc", content)
    login = Netrc(path).login("a")
    assert login is None or isinstance(login, Login)


def test_no_file_is_nothing_to_tell(own_environment: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert Netrc().login("example.com") is None
    assert warnings_of(caplog) == []


def test_a_named_file_that_is_not_there_is_told(netrc_file: Path, caplog: pytest.LogCaptureFixture) -> None:
    logins = Netrc()
    assert [logins.login("example.com") for _ in range(2)] == [None] * 2
    (told,) = warnings_of(caplog)
    assert str(netrc_file) in told


def test_the_null_device_means_no_file(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("NETRC", os.devnull)
    assert Netrc().login("example.com") is None
    assert warnings_of(caplog) == []


@needs_modes
def test_a_pipe_is_not_read(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    os.mkfifo(tmp_path / "netrc", 0o600)
    assert Netrc(tmp_path / "netrc").login("example.com") is None
    assert "not a regular file" in warnings_of(caplog)[0]


def test_a_changed_file_counts_from_the_next_request_on(tmp_path: Path) -> None:
    path = write(tmp_path / "netrc", "machine example.com login a password first")
    logins = Netrc(path)
    assert logins.login("example.com") == Login("a", "first")
    write(path, "machine example.com login a password the-second")
    assert logins.login("example.com") == Login("a", "the-second")
    path.unlink()
    assert logins.login("example.com") is None
