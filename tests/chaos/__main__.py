"""A storm by hand: `python -m tests.chaos --seconds 120 --seed 7`; the other harnesses have their own commands.

Kills at every step: `python -m tests.chaos.kills`. Known defects, put in: `python -m tests.chaos.mutants`, and
known holes: `python -m tests.chaos.holes`. Other programs with the same faults: `python -m tests.chaos.peers`.
"""

from __future__ import annotations

import argparse
import sys

from tests.chaos.storm import Storm


def main() -> int:
    """Run storms; return 1 if anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seconds", type=float, default=120.0, help="how long workers are killed")
    parser.add_argument("--seed", type=int, default=1, help="draws files, faults and visitors")
    parser.add_argument("--files", type=int, default=200, help="how many files")
    parser.add_argument("--runs", type=int, default=1, help="so many storms, with seeds from --seed on")
    chosen = parser.parse_args()
    wrong = 0
    for seed in range(chosen.seed, chosen.seed + chosen.runs):
        verdict = Storm(seed, chosen.files).run(seconds=chosen.seconds)
        wrong += bool(verdict.problems)
        print(f"seed {seed}: {'; '.join(verdict.told)}")
        for each in verdict.problems:
            print(f"  WRONG: {each}")
        sys.stdout.flush()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
