"""The system's service manager starts a session's worker: at login, or at boot.

Must never be needed: without it a download goes on at the next `tuidl`.
"""
