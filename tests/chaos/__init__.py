"""Harnesses that break the program on purpose: crashes, kills at every step, failing calls, wrong clocks.

Short forms run with the tests. The long ones, by hand:

    python -m tests.chaos --seconds 120 --seed 7    200 files from servers that do everything wrong, workers killed
                                                    every few seconds, screens and command lines coming and going
    python -m tests.chaos.kills                     the worker killed at every call that changes a file, in every
                                                    story of `stories`; `--completions 30` around the completion
    python -m tests.chaos.races                     launches, retiring, completion, phases, pids, SIGSTOP
    python -m tests.chaos.crowd 200                 verbs of command lines, keys of screens, on the same downloads
    python -m tests.chaos.beginnings 40             many verbs at once where nothing is yet, and during a removal
    python -m tests.chaos.failing_calls calls       each call, statement or call of a command line fails once
    python -m tests.chaos.damaged_state             the state file damaged in a hundred and thirty ways
    python -m tests.chaos.mutants                   known defects put into a copy: what must see them sees them;
                                                    `state_mutants` and `holes` have more of them
    python -m tests.chaos.peers                     what curl, wget and aria2c do with the same faults

The same seed draws the same files, faults and visitors; what is left to chance is time.
"""
