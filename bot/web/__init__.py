"""The web doorway: health, and Slack's requests in HTTP mode."""
