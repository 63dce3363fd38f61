"""Header text to values and back, one RFC topic a module.

Owns parsing and writing of HTTP fields as pure functions. Must never do I/O or raise on what a server sent.
"""
