"""What is built and installed, and that nothing of it stays behind."""
