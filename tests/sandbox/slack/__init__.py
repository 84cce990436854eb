"""The rules of the local workspace, each proved with Slack's own client libraries."""
