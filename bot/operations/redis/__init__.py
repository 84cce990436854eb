"""Redis: `redis-cli` lines as operations, and what carries them out on a server."""
