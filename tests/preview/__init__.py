"""Tests of `tui_downloader.preview`."""
