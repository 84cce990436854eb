"""Slack, the store or the network away, slow or wrong, while people work."""
