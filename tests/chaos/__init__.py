"""Harnesses that break the program on purpose: crashes, kills at every step, failing calls, wrong clocks.

Short forms run with the tests; long ones by hand, see `python -m tests.chaos --help`.
"""
