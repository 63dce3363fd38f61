"""What is right and wrong around tuidl."""
