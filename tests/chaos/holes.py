"""Known holes, put into a copy of the program one at a time: do the attacks of this folder find them?

`python -m tests.chaos.holes [NAME …]` runs what must fail with each. Owns the list; all else is as in `mutants`.
"""

from __future__ import annotations

import sys

from tests.chaos.mutants import Mutant, main


def _tests(module: str, names: str = "test") -> tuple[str, ...]:
    """Return the words that run some tests of a module."""
    return ("pytest", f"tests/{module}.py", "-q", "-x", "-n", "0", "-k", names)


HOLES = {
    "part files are for everybody's eyes": Mutant(
        "engine/rights.py",
        "UNFINISHED_MODE = 0o600",
        "UNFINISHED_MODE = 0o666",
        _tests("chaos/test_rights", "others_can"),
    ),
    "finished files are for everybody's hands": Mutant(
        "engine/rights.py",
        "_FINISHED_MODE = 0o664",
        "_FINISHED_MODE = 0o666",
        _tests("chaos/test_rights", "others_can"),
    ),
    "only the session's own directory is judged": Mutant(
        "paths.py",
        "for each in (place, *place.parents):",
        "for each in (place,):",
        _tests("chaos/test_rights", "nowhere_below"),
    ),
    "a planted state file is followed": Mutant(
        "state/database.py",
        "if stat.S_ISLNK(status.st_mode) or is_somebody_elses(status):",
        "if is_somebody_elses(status):",
        _tests("chaos/test_rights", "planted"),
    ),
    "nobody looks which file got the name": Mutant(
        "engine/finish.py",
        "            destination.unlink(missing_ok=True)\n"
        "        raise TransferError(Reason.DESTINATION, TAMPERED)\n"
        "    return",
        "            pass\n    return",
        _tests("chaos/test_planted", "last_moment"),
    ),
    "a redirect is followed into the private network": Mutant(
        "engine/addresses.py",
        "if came_from_public and not allow_private and not is_public(address):",
        "if came_from_public and not allow_private and address == 'none':",
        _tests("chaos/test_reach", "spelling"),
    ),
    "a second look-up is judged by itself": Mutant(
        "engine/exchange.py",
        "plan.is_led and self._trail.was_public",
        "plan.is_led and False",
        _tests("chaos/test_reach", "second_look"),
    ),
    "a redirect takes keys along": Mutant(
        "engine/exchange.py",
        'return is_harmless(name) and name.lower() != "host"',
        'return name.lower() not in {"authorization", "cookie", "host"}',
        _tests("chaos/test_injection", "https_to_http"),
    ),
    "what a server says back is kept": Mutant(
        "model/masking.py",
        "        text = text.replace(each, REDACTED)\n",
        "        text = text.replace(each, each)\n",
        _tests("chaos/test_secrets", "screen"),
    ),
    "the log has whole URLs": Mutant(
        "model/request.py",
        'return safe(urlunsplit((parts.scheme, location, path, "", "")))',
        'return safe(urlunsplit((parts.scheme, location, path, parts.query, "")))',
        _tests("chaos/test_secrets", "log"),
    ),
    "text from outside is taken as it is": Mutant(
        "model/display_text.py",
        "    if text.isascii() and text.isprintable():\n",
        "    if text:\n",
        _tests("chaos/test_terminal_safety", "command_line or log"),
    ),
    "an escape in a paste passes": Mutant(
        "tui/input_guard.py",
        "before.replace(_ESCAPE, _STANDS_FOR)",
        "before",
        _tests("tui/test_input_guard"),
    ),
    "an odd byte ends the screen": Mutant(
        "tui/input_guard.py",
        'getincrementaldecoder("utf-8")("replace")',
        'getincrementaldecoder("utf-8")("strict")',
        _tests("tui/test_input_guard"),
    ),
    "a row that makes no sense breaks the closer look": Mutant(
        "state/downloads.py",
        "except (ValueError, TypeError) as error:\n        raise unreadable_error({",
        "except TypeError as error:\n        raise unreadable_error({",
        _tests("chaos/test_fuzzed", "closer_look"),
    ),
    "an entity tag is read as text": Mutant(
        "engine/response.py",
        'raw.decode("latin-1")',
        'raw.decode("utf-8", "replace")',
        _tests("engine/test_response", "byte_for_byte"),
    ),
}
"""By what is wrong."""

if __name__ == "__main__":
    sys.exit(main(HOLES))
