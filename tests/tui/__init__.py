"""The screen: its words as pure functions, its widgets and the whole of it over a real session."""
