"""Charts and their alternative texts."""
