"""The bot as a process, killed at every moment."""
