"""Screens, each beside its style sheet; only screens call the feed."""
