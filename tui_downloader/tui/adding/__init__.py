"""What the Add form reads: text, commands, ranges, lists and options become requests."""
