"""The sandbox cluster: what it has in common with a real one, and what is its own."""
