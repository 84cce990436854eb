"""The page of the workspace in a real browser."""
