"""Command lines as typed operations, one file per kind of target. Nothing lives here yet."""
