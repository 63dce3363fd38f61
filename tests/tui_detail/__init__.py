"""The side pane: its head, its tabs, its drawings."""
