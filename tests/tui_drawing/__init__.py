"""Tests of pictures in pixels."""
