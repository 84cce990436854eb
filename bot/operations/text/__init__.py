"""The text filters behind a pipe: patterns that match in linear time, and what picks, counts and orders lines."""
