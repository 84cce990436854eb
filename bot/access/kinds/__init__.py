"""The kinds of things that are redacted, each with the form by which it is told from harmless text."""
