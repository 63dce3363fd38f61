"""The table of peers names real rows and real tests, and the README says no more than it."""

from __future__ import annotations

from pathlib import Path

from tests.chaos.peers_table import FETCHED_AGAIN, FIRST, MEASURED, PROOFS, RESUMED, lines, ours
from tests.worker import test_worker_fault_matrix
from tests.worker.fault_matrix import MATRIX


def test_each_row_was_measured_and_has_its_proof() -> None:
    assert MEASURED.keys() == {(each, "resumed") for each in RESUMED} | {(each, "first") for each in FIRST}
    assert {name for name, _ in MEASURED} <= {each.name for each in MATRIX}
    for proof in PROOFS.values():
        path, _, name = proof.partition("::")
        assert Path(test_worker_fault_matrix.__file__).as_posix().endswith(path)
        assert hasattr(test_worker_fault_matrix, name)
    assert len(list(lines())) == len(MEASURED) + 2


def test_what_the_readme_says_of_the_peers_is_what_they_did() -> None:
    """None of them asks whether the file is still the same; all call the mixture a success, we never do."""
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    assert "tests/chaos/peers.py" in readme
    assert FETCHED_AGAIN[2].startswith("100 %"), "aria2c forgets its first minute"
    by_name = {each.name: each for each in MATRIX}
    for name in ("changed", "changed, weak tag", "changed, date only"):
        assert all(each.startswith("exit 0, wrong") for each in MEASURED[name, "resumed"])
        assert ours(by_name[name].resumed) == "the new one, whole"
