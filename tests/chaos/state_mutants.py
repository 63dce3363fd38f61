"""Known defects around the state file, its lock and its verbs, put into a copy one at a time: are they seen?

`python -m tests.chaos.state_mutants [NAME …]`. Owns the list; `mutants` does the work.
"""

from __future__ import annotations

import sys

from tests.chaos.mutants import Mutant, main


def _tests(module: str, names: str = "test") -> tuple[str, ...]:
    """Return the words that run some tests of a module."""
    return ("pytest", f"tests/{module}.py", "-q", "-x", "-n", "2", "-k", names)


_ROLLBACK = """                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
"""

MUTANTS = {
    "a damaged file is deleted": Mutant(
        "state/mending.py",
        "            path.rename(aside)\n",
        "            path.unlink()\n",
        _tests("chaos/test_damaged_state"),
    ),
    "nothing is saved": Mutant(
        "state/salvage.py",
        "            for row in read_rows(source):\n",
        "            for row in list(read_rows(source))[:0]:\n",
        _tests("chaos/test_damaged_state"),
    ),
    "the log of a damaged file is not read": Mutant(
        "state/raw_rows.py",
        "    return pages | _committed(log.read_bytes()) if log.is_file() else pages\n",
        "    return pages\n",
        _tests("state/test_raw_rows", "log"),
    ),
    "a damaged row is believed": Mutant(
        "state/salvage.py",
        '    return {**row, "received": "", "synced": "", "bytes_received": 0}\n',
        "    return row\n",
        _tests("state/test_salvage"),
    ),
    "what only rows show is not mended": Mutant(
        "state/mending.py",
        '            if database.rows("PRAGMA integrity_check")[0][0] != "ok":\n                return False\n',
        '            if database.rows("PRAGMA integrity_check")[0][0] != "ok":\n                return False\n'
        "            return True\n",
        _tests("state/test_mending"),
    ),
    "a killed replacement is not finished": Mutant(
        "state/mending.py",
        "    _finish_earlier(path)\n",
        "",
        _tests("state/test_mending", "killed"),
    ),
    "an error of the state file is the download's": Mutant(
        "worker/desk.py",
        "        except SessionUnusableError:\n            raise  # nobody's errand can be committed\n",
        "",
        _tests("chaos/test_failing_calls", "statement"),
        more=(
            (
                "worker/assignment.py",
                "        except SessionUnusableError:\n            return",
                "        except ZeroDivisionError:\n            return",
            ),
        ),
    ),
    "a worker whose state file failed stays away": Mutant(
        "worker/renewal.py",
        '        logger.error("%s", failure)\n',
        '        logger.error("%s", failure)\n        return failure.exit_code\n',
        _tests("chaos/test_failing_calls", "nobody"),
    ),
    "a failed transaction is committed as far as it came": Mutant(
        "state/database.py",
        _ROLLBACK,
        _ROLLBACK.replace("ROLLBACK", "COMMIT"),
        _tests("chaos/test_failing_front_end"),
    ),
    "the worker lock is shared": Mutant(
        "state/worker_lock.py",
        "fcntl.LOCK_EX",
        "fcntl.LOCK_SH",
        _tests("chaos/test_races", "launches"),
    ),
    "leaving does not look for work again": Mutant(
        "worker/loop.py",
        "            if downloads.has_work(transaction, held=held) or probes",
        "            time.sleep(0.05)\n            if probes",
        _tests("worker/test_worker_process", "retiring"),
    ),
    "a verb given during the end of a file is ignored": Mutant(
        "state/downloads.py",
        "intent_number = intent_number + 1, revision",
        "intent_number = intent_number + (state NOT IN ('connecting', 'transferring', 'verifying')), revision",
        _tests("chaos/test_races", "phases or stopped"),
    ),
    "a pause beats the completion that came first": Mutant(
        "worker/outcomes.py",
        "    if isinstance(outcome, Finished):\n        return facts",
        "    if isinstance(outcome, Finished) and work.download.intent is Intent.RUN:\n        return facts",
        _tests("chaos/test_races", "completion"),
    ),
    "a session is removed whoever adds to it meanwhile": Mutant(
        "session/removal.py",
        "            if _unfinished(session):\n                return False\n",
        "",
        _tests("session/test_same_moment", "added"),
    ),
    "a pid is believed whoever has it": Mutant(
        "state/process.py",
        "start_time(pid) == started\n",
        "start_time(pid) is not None\n",
        _tests("chaos/test_races", "reused"),
    ),
}
"""By what is wrong; each was seen by what stands there."""


if __name__ == "__main__":
    sys.exit(main(MUTANTS))
