"""The API of both front ends: intents in, snapshots and events out.

Must never import the engine, the worker's code, a screen or a command line.
"""
