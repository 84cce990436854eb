"""Words, readers, catalogue and help, without a workspace."""
