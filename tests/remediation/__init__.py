"""Changes from the wish to the verdict."""
