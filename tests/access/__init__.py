"""Who may do what: every verb by every role."""
