"""Which digest a file must have, and whether it has it.

Owns the order of trust: the user's word counts before the server's. Must never read a file.
"""

from __future__ import annotations

from tui_downloader.engine.failures import TransferError
from tui_downloader.engine.response import ResponseHead
from tui_downloader.model.download import Digest
from tui_downloader.model.lifecycle import Reason
from tui_downloader.model.request import Request

RECORDED = "sha-256"
"""Algorithm of the digest that is recorded of every file."""


def expected_digest(request: Request, known: Digest | None, head: ResponseHead | None = None) -> Digest | None:
    """Returns what the file is compared with.

    Args:
        request: It may hold the user's digest.
        known: What an earlier response named; `None` if none did.
        head: The response whose body is the whole representation, if there is one.

    Returns:
        The expected digest, not verified yet; `None` if nobody named one.
    """
    if request.checksum is not None:
        algorithm, value = request.checksum
        return Digest(algorithm=algorithm, value=value, source="user", verified=False)
    if head is not None:
        if not head.digests:
            return None
        algorithm, value = head.digests[0]
        return Digest(algorithm=algorithm, value=value, source="server", verified=False)
    return known


def resumed_digest(known: Digest | None, head: ResponseHead) -> Digest | None:
    """Returns what a file is compared with whose rest is coming.

    Args:
        known: What was expected before: the user's word, or what the first response named.
        head: The response that brings the rest; it may be the first one that names a digest of the whole.

    Returns:
        The expected digest, not verified yet; `None` if nobody named one.
    """
    if known is not None or not head.digests:
        return known
    algorithm, value = head.digests[0]
    return Digest(algorithm=algorithm, value=value, source="server", verified=False)


def algorithms_for(expected: Digest | None, *, record: bool) -> set[str]:
    """Returns the algorithms to hash with.

    Args:
        expected: What the file is compared with.
        record: Whether a digest is recorded of every file.
    """
    return ({expected.algorithm} if expected else set()) | ({RECORDED} if record else set())


def verified_digest(expected: Digest | None, computed: dict[str, str]) -> Digest | None:
    """Compares, and returns the digest to record.

    Args:
        expected: What the file must have.
        computed: Algorithm to hexadecimal value.

    Raises:
        TransferError: They differ.
    """
    if expected is not None:
        if computed[expected.algorithm] != expected.value:
            whose = "" if expected.source == "user" else " that the server named"
            raise TransferError(
                Reason.CHECKSUM_MISMATCH,
                f"the bytes do not match the {expected.algorithm}{whose}, {expected.value[:8]}…",
            )
        return Digest(expected.algorithm, expected.value, expected.source, verified=True)
    if RECORDED in computed:
        return Digest(RECORDED, computed[RECORDED], "computed", verified=False)
    return None
