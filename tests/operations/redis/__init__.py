"""Redis: lines, and a real server."""
