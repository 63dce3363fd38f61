"""Bodies in a content coding that was not asked for."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui_downloader.engine.coding import PIECE_BYTES, Decoder, is_stored_compressed
from tui_downloader.engine.failures import TransferError
from tui_downloader.model.lifecycle import Reason


def raw_deflate(data: bytes) -> bytes:
    engine = zlib.compressobj(wbits=-15)
    return engine.compress(data) + engine.flush()


ENCODERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "deflate without its wrapper": ("deflate", raw_deflate),
}
BODIES = st.binary(max_size=300) | st.binary(min_size=1, max_size=3).map(lambda data: data * 500)


def decoded(coding: str, body: bytes, step: int) -> bytes:
    decoder = Decoder(coding)
    pieces = [piece for at in range(0, len(body), step) for piece in decoder.decode(body[at : at + step])]
    return b"".join(pieces) + decoder.finish()


@pytest.mark.parametrize("name", ENCODERS)
@given(body=BODIES, step=st.integers(1, 400))
@example(body=b"hello", step=1)
@example(body=b"", step=1)
def test_bodies_are_decoded_however_they_are_cut(name: str, body: bytes, step: int) -> None:
    coding, encode = ENCODERS[name]
    assert decoded(coding, encode(body), step) == body


@given(bodies=st.lists(BODIES, min_size=2, max_size=3), step=st.integers(1, 400))
def test_all_members_of_a_gzip_body_count(bodies: list[bytes], step: int) -> None:
    """RFC 1952 section 2.2: members simply follow each other; log files of servers are made like that."""
    assert decoded("gzip", b"".join(gzip.compress(each) for each in bodies), step) == b"".join(bodies)


@pytest.mark.parametrize("name", ENCODERS)
@given(data=st.data())
def test_a_body_that_ends_early_is_a_lost_connection(name: str, data: st.DataObject) -> None:
    coding, encode = ENCODERS[name]
    body = encode(b"some text that is long enough" * 20)
    cut = data.draw(st.integers(0, len(body) - 1))
    with pytest.raises(TransferError) as caught:
        decoded(coding, body[:cut], 7)
    assert caught.value.reason is Reason.CONNECTION_LOST


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_damaged_body_is_told(coding: str) -> None:
    with pytest.raises(TransferError, match="damaged") as caught:
        decoded(coding, b"\xff" * 100, 100)
    assert caught.value.reason is Reason.BAD_RESPONSE


@given(st.binary(max_size=200), st.integers(1, 50))
def test_any_bytes_are_decoded_or_refused(body: bytes, step: int) -> None:
    for coding in ("gzip", "deflate"):
        reason = None
        try:
            decoded(coding, body, step)
        except TransferError as error:
            reason = error.reason
        assert reason in {None, Reason.BAD_RESPONSE, Reason.CONNECTION_LOST}


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
@pytest.mark.parametrize("step", [1 << 20, 1000])
def test_a_bomb_comes_in_pieces(coding: str, step: int) -> None:
    """64 MB out of 64 KB: never more than one piece of it is in memory."""
    size = 64_000_000
    body = ENCODERS[coding][1](bytes(size))
    assert len(body) < size // 900
    decoder, total = Decoder(coding), 0
    tracemalloc.start()
    try:
        for at in range(0, len(body), step):
            for piece in decoder.decode(body[at : at + step]):
                assert len(piece) <= PIECE_BYTES
                assert not any(piece[:: PIECE_BYTES // 4])
                total += len(piece)
        total += len(decoder.finish())
        assert tracemalloc.get_traced_memory()[1] < 4 * PIECE_BYTES + len(body)
    finally:
        tracemalloc.stop()
    assert total == size


def test_thousands_of_empty_members_are_one_empty_file() -> None:
    assert decoded("gzip", gzip.compress(b"") * 5000, 1 << 20) == b""


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, deflate", "\x1b[2J" * 50])
def test_other_codings_are_refused(coding: str) -> None:
    with pytest.raises(TransferError) as caught:
        Decoder(coding)
    assert caught.value.reason is Reason.BAD_RESPONSE
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("filename", "coding", "stored"),
    [
        ("a.tar.gz", "gzip", True),
        ("A.TGZ", "x-gzip", True),
        ("a.svgz", "gzip", True),
        ("a.html", "gzip", False),
        ("a.gz", "deflate", False),
        ("a.gz", "br", False),
        ("a.js.br", "br", True),
        ("a.tar.zst", "zstd", True),
        ("a.tar.Z", "x-compress", True),
        ("a.html", "br", False),
        ("gz", "gzip", False),
    ],
)
def test_names_that_say_the_file_itself_is_compressed(filename: str, coding: str, stored: bool) -> None:
    assert is_stored_compressed(filename, coding) is stored
