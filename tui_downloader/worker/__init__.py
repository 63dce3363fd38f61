"""The worker: a detached process that makes what is true agree with what the user wants.

Must never load a screen or a command line; everything it needs is imported at its start.
"""
