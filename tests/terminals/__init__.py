"""Real terminals on a display that nobody sees: what they show is compared with the downloaded picture."""
