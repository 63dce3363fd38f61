"""Harnesses that break the program on purpose: crashes, kills at every step, failing calls, wrong clocks.

Short forms run with the tests. The long ones, by hand:

    python -m tests.chaos --seconds 120 --seed 7    200 files from servers that do everything wrong, workers killed
                                                    every few seconds, screens and command lines coming and going
    python -m tests.chaos.kills                     the worker killed at every call that changes a file, in every
                                                    story of `stories`; `--completions 30` around the completion
    python -m tests.chaos.mutants                   known defects put into a copy: what must see them sees them

The same seed draws the same files, faults and visitors; what is left to chance is time.
"""
