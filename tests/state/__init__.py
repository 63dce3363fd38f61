"""The state file, with real SQLite and real processes."""
