"""The Slack doorway: what arrives becomes a Request; what leaves goes through one client and one outbox."""
