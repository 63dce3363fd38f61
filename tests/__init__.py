"""Tests, mirroring the package; `support` holds what they share."""
