"""The system's service manager."""
