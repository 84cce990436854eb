"""The runbooks: what is read, what is refused, and what the four platforms say."""
