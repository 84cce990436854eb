"""Walkthroughs: people go through a procedure together, step by step, and nothing of it is lost."""
