"""Widgets: they get model values and emit messages; they never call the feed or a session."""
