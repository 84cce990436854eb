"""Nouns to Block Kit, as pure functions. Block Kit is written here and nowhere else."""
