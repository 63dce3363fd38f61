"""The whole program as a user has it: real processes, a real pseudo-terminal, a real server."""
