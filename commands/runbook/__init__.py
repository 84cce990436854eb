"""Read the runbooks, and go through them step by step with others."""
