"""What strace writes is read as calls: interrupted ones, binary data, flags."""

from __future__ import annotations

from tests.support.system_calls import read_calls

TRACE = r"""
7 openat(AT_FDCWD</>, "/d/a \"b\".part", O_RDWR|O_CREAT|O_EXCL|O_NOFOLLOW|O_CLOEXEC, 0666) = 14</d/a>
8 fdatasync(14</d/a> <unfinished ...>
7 pwrite64(14</d/a>, "\0\17) = 3\n\377"..., 262144, 4096) = 262144
7 linkat(AT_FDCWD</>, "/d/a", AT_FDCWD</>, "/d/b", 0) = -1 EEXIST (File exists)
8 <... fdatasync resumed>)                = 0
9 fsync(14</d/a> <unfinished ...>
9 +++ killed by SIGKILL +++
""".splitlines()


def test_calls_come_in_the_order_of_their_ends() -> None:
    calls = read_calls(TRACE)
    assert [each.name for each in calls] == ["openat", "pwrite64", "linkat", "fdatasync"]
    opened, written, linked, synced = calls
    assert opened.paths == ('/d/a "b".part',)
    assert opened.flags == {"O_RDWR", "O_CREAT", "O_EXCL", "O_NOFOLLOW", "O_CLOEXEC"}
    assert (opened.result, opened.descriptor_path) == (14, None)
    assert (written.descriptor_path, written.result, written.offset) == ("/d/a", 262_144, 4096)
    assert written.strings == (b"\x00\x0f) = 3\n\xff",)
    assert (linked.paths, linked.result) == (("/d/a", "/d/b"), -1)
    assert synced.began < written.began == written.ended < synced.ended
