"""What the terminal sends, before Textual reads it: bytes that are no text, and escapes within a paste.

Owns two holes of Textual 8.2's reader: a byte that is no UTF-8 ends it, and with it the program; and an escape
within a bracketed paste makes keys of what follows, so that a pasted text could delete files. Most terminals take
escapes out of a paste; tmux does not. Must never hold back what a key sends.
"""

from __future__ import annotations

import codecs

_ESCAPE, _BEGIN, _END = "\x1b", "\x1b[200~", "\x1b[201~"
_STANDS_FOR = "\ufffd"


class InputGuard:
    """Decodes as `codecs.getincrementaldecoder("utf-8")()` does; never fails."""

    def __init__(self) -> None:
        """Begins outside a paste."""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._in_paste = False
        self._last = self._rest = ""

    def decode(self, data: bytes, final: bool = False) -> str:
        """Returns the text of further bytes.

        Args:
            data: As read.
            final: Whether nothing follows.
        """
        text, passed = self._decoder.decode(data, final), ""
        while text:
            passed += self._taken_from(text)
            text, self._rest = self._rest, ""
        if final:
            passed += _STANDS_FOR * len(self._last) if self._in_paste else ""
        return passed

    def _taken_from(self, text: str) -> str:
        """Returns what passes of a text up to where a paste begins or ends; what follows is left in `_rest`."""
        if self._in_paste:
            text, self._last = self._last + text, ""
            before, end, self._rest = text.partition(_END)
            self._in_paste = not end
            if not end:
                before, self._last = _split_before(before, _END)
            return before.replace(_ESCAPE, _STANDS_FOR) + end
        joined = self._last + text
        at = joined.find(_BEGIN)
        if at < 0:
            self._last = joined[1 - len(_BEGIN) :]
            return text
        stop = at + len(_BEGIN)
        passed, self._rest = text[: stop - len(self._last)], joined[stop:]
        self._in_paste, self._last = True, ""
        return passed


def _split_before(text: str, marker: str) -> tuple[str, str]:
    """Splits off an end that may be the beginning of a marker."""
    for count in range(len(marker) - 1, 0, -1):
        if text.endswith(marker[:count]):
            return text[:-count], text[-count:]
    return text, ""
