"""Jobs: the grammar, and the backend on a cluster."""
