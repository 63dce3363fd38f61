"""What the side pane says: its head, its tabs, and the drawings in them, as lines. No widget."""
