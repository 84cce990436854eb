"""Runbooks as data: the schema of `runbooks/`, the loader, templates."""
