"""The clock and what it ticks."""
