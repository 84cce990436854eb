"""Documents in Markdown that become runbooks."""
