"""The life of an incident: declare, acknowledge, its room, its timeline. Speaks to Slack through a port."""
