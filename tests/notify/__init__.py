"""The ways to desktop and terminal."""
