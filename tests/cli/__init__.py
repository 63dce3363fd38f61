"""Tests of the command line, each verb as a process of its own."""
