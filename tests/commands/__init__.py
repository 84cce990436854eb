"""The commands, typed and clicked by people in a workspace."""
