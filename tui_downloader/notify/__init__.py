"""Telling a user who looks elsewhere: the ways to desktop and terminal, and what is written or called for each.

Must never decide when something is told: that is the worker's and the screen's.
"""
