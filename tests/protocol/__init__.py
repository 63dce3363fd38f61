"""Tests of header text to values and back."""
