"""HTTP: lines, and real servers with and without certificates."""
