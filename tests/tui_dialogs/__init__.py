"""The dialogs and the detail pane, driven by keys and read back from the screen."""
