"""Workflows, effects, timers and replicas, on every engine and database, through crashes."""
