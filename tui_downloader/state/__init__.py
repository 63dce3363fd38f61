"""The SQLite state file: the only link between front ends and worker.

The only package that may import `sqlite3`. Must never open the state file by other means: closing it would drop
SQLite's locks.
"""
