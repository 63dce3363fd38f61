"""The cards: what stands in them, how many there are, and the words of what was found."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.tui_dialogs.samples import HOSTILE, NOW, download
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import Reason, Resumable, State
from tui_downloader.model.probe import Evidence, NamedBy, ProbeAnswer
from tui_downloader.model.request import Request
from tui_downloader.tui.adding.cards import Outlook, card_lines
from tui_downloader.tui.adding.entries import parse_entries
from tui_downloader.tui.adding.findings import Finding, Look, memory_of
from tui_downloader.tui.adding.kinds import kind_words

NEBULA, DEBIAN = "https://pictures.example.org/get?id=7", "https://mirror.example.net/debian.iso"
PICTURE = ProbeAnswer(
    filename="nebula-2560x1024.jpg",
    named_by=NamedBy.DISPOSITION,
    bytes_expected=4_600_000,
    media_type="image/jpeg",
    resumable=Resumable.PROVEN,
    evidence=Evidence.ENTITY_TAG,
    redirects=1,
    final_host="pictures.example.org",
)
IMAGE = ProbeAnswer(
    filename="debian.iso",
    named_by=NamedBy.URL,
    becomes="debian (1).iso",
    bytes_expected=790_000_000,
    media_type="application/octet-stream",
    resumable=Resumable.NO,
    redirects=2,
    final_host="cdn.example.net",
)


def over(answer: ProbeAnswer | None, **more: object) -> Finding:
    return Finding(Look.OVER, answer, **more)  # type: ignore[arg-type]  # passed through


def texts(
    urls: list[str],
    findings: dict[str, Finding],
    *,
    width: int = 86,
    rows: int = 13,
    free: int | None = None,
    filename: str | None = None,
) -> list[str]:
    entries = parse_entries("\n".join(urls))
    lines = card_lines(entries, Outlook(findings, free, filename), width=width, rows=rows)
    return ["".join(part for part, _ in line) for line in lines]


def test_they_look_like_their_picture() -> None:
    findings = {
        NEBULA: over(PICTURE),
        DEBIAN: over(IMAGE, memory="downloaded on 12 November, still there", again=True),
    }
    assert texts([NEBULA, DEBIAN], findings) == [
        "✓ nebula-2560x1024.jpg                                           4.6 MB   JPEG picture",
        "  name from Content-Disposition · can resume (strong ETag) · 1 redirect",
        "! debian.iso                                                     790 MB   disk image  ",
        "  downloaded on 12 November, still there · adding it again makes “… (1).iso” · cannot…",
    ]


def test_a_dot_stands_there_while_the_look_runs_and_nothing_jumps_after() -> None:
    before = texts([NEBULA, DEBIAN], {NEBULA: Finding(), DEBIAN: Finding()})
    assert before[0].startswith("· get")
    assert before[1] == "  pictures.example.org · looking …"
    after = texts([NEBULA, DEBIAN], {NEBULA: over(PICTURE), DEBIAN: over(None)})
    assert len(after) == len(before)
    assert after[2].startswith("✓ debian.iso")
    assert after[3] == "  mirror.example.net"


@pytest.mark.parametrize(
    ("answer", "free", "words"),
    [
        (ProbeAnswer(reason=Reason.NOT_FOUND, http_status=404, error="x"), None, "not found (404)"),
        (ProbeAnswer(reason=Reason.NEEDS_CREDENTIALS, http_status=401), None, "needs a login (401)"),
        (ProbeAnswer(reason=Reason.TIMEOUT), None, "no answer within 5 s"),
        (
            ProbeAnswer(reason=Reason.TLS, error="the certificate cannot be trusted: x"),
            None,
            "the certificate cannot",
        ),
        (ProbeAnswer(filename="x", media_type="text/html", is_page=True), None, "this is a web page, not a file"),
        (ProbeAnswer(filename="x", bytes_expected=790_000_000), 310_000_000, "790 MB, only 310 MB free"),
        (IMAGE, None, "the name is taken: makes “… (1).iso”"),
    ],
)
def test_what_the_user_should_know_is_a_note(answer: ProbeAnswer, free: int | None, words: str) -> None:
    first, second = texts([DEBIAN], {DEBIAN: over(answer)}, free=free)
    assert first.startswith("! ")
    assert second.startswith(f"  {words}")


def test_a_redirect_names_where_it_leads() -> None:
    plain = ProbeAnswer(filename="debian.iso", named_by=NamedBy.URL, redirects=2, final_host="cdn.example.net")
    assert texts([DEBIAN], {DEBIAN: over(plain)})[1] == "  name from the URL · 2 redirects to cdn.example.net"


def test_the_users_name_comes_first() -> None:
    first, second = texts([NEBULA], {NEBULA: over(PICTURE)}, filename="mine.jpg")
    assert first.startswith("✓ mine.jpg ")
    assert "Content-Disposition" not in second


def test_the_rest_is_summed_up_with_its_notes() -> None:
    urls = [f"https://example.org/{number}" for number in range(100)]
    lost = over(ProbeAnswer(reason=Reason.NOT_FOUND, http_status=404))
    findings = {url: lost if at >= 94 else over(PICTURE) for at, url in enumerate(urls)}
    lines = texts(urls, findings)
    assert len(lines) == 13
    assert lines[-1] == "  and 94 more (88 fine, 6 with notes)"
    assert (
        texts(urls, findings | {urls[50]: Finding()})[-1] == "  and 94 more (87 fine, 6 with notes, 1 looking …)"
    )
    assert texts([*urls, "ftp://host/x"], findings, rows=5)[-1] == "  and 99 more (93 fine, 6 with notes)"


@pytest.mark.parametrize("rows", range(1, 14))
@pytest.mark.parametrize("width", [36, 56, 76, 86])
def test_they_fit(rows: int, width: int) -> None:
    urls = [NEBULA, DEBIAN, "ftp://host/x", *(f"https://example.org/{number}" for number in range(20))]
    findings = {NEBULA: over(PICTURE), DEBIAN: over(IMAGE), "https://example.org/3": Finding()}
    lines = texts(urls, findings, width=width, rows=rows)
    assert len(lines) <= max(2, rows)
    assert all(cell_len(each) <= width for each in lines)


@pytest.mark.parametrize("name", HOSTILE)
def test_names_of_servers_are_literal(name: str) -> None:
    assert texts([DEBIAN], {DEBIAN: over(ProbeAnswer(filename=name))})[0].startswith(f"✓ {name} ")
    hostile = ProbeAnswer(filename="a\x1b[31m\u202egpj.exe", final_host="x\x1b]0;", redirects=1)
    assert all(each.isprintable() for each in texts([DEBIAN], {DEBIAN: over(hostile)}))


# -------------------------------------------------------------------------------------------------- the memory


def done(directory: str = "/srv/files", *, days: int = 13) -> Download:
    finished = NOW - days * 86_400
    return download(State.COMPLETED, url=DEBIAN, directory=Path(directory), finished_at=finished)


def remembered(*known: Download, there: bool = True) -> Finding:
    request = Request(url=DEBIAN, directory=Path("/srv/files"))
    return memory_of(request, known, now=NOW, there=known if there else ())


def test_what_the_session_remembers() -> None:
    day = datetime.datetime.fromtimestamp(NOW - 13 * 86_400).astimezone()
    when = f"downloaded on {day.day} {day:%B}"
    assert remembered() == Finding()
    assert remembered(done()) == Finding(memory=f"{when}, still there", again=True)
    assert remembered(done(), there=False).memory == f"{when}, the file is gone"
    assert remembered(done("/srv/other")).memory == f"{when}, still in /srv/other"
    assert remembered(done(days=0)).memory == "downloaded today, still there"
    assert remembered(done(days=1)).memory == "downloaded yesterday, still there"
    assert (remembered(done(days=400)).memory or "").startswith("downloaded on ")
    paused = download(State.PAUSED, url=DEBIAN, directory=Path("/srv/files"))
    assert remembered(done(), paused).memory == "in the list already (paused): adding it goes on with that one"


@pytest.mark.parametrize(
    ("media_type", "name", "words"),
    [
        ("image/jpeg", "a", "JPEG picture"),
        ("image/png", "a.png", "PNG picture"),
        ("application/octet-stream", "a.iso", "disk image"),
        ("application/octet-stream", "a", ""),
        (None, "a.tar.zst", "archive"),
        ("video/mp4", "a", "video"),
        ("text/html", "a", "web page"),
        ("text/plain", "a.iso", "disk image"),
        ("text/plain", None, "text"),
        ("image/x-\x1b[31m", "a", ""),
    ],
)
def test_the_kind_of_a_file(media_type: str | None, name: str | None, words: str) -> None:
    assert kind_words(media_type, name) == words
