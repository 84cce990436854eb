"""What Slack takes as a message or a view, and what it refuses."""
