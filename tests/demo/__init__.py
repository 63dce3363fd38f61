"""Tests of the demonstration's pictures, server and launcher."""
