"""The doorway: client, pacing, outbox."""
