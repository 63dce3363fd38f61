"""The pictures of the documentation, made from the running program: `python -m tests.screenshots`."""
